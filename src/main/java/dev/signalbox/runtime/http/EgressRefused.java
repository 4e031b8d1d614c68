package dev.signalbox.runtime.http;

/// A call that the host does not let out. Nothing was sent.
public final class EgressRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EgressRefused(String detail) {
        super(detail, null, false, false);
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
