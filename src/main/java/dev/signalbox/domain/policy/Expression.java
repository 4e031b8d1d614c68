package dev.signalbox.domain.policy;

/// A CEL expression, as written.
public record Expression(String source) {

    @Override
    public String toString() {
        return source;
    }
}
