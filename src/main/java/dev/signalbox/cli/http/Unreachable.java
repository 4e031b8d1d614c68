package dev.signalbox.cli.http;

/// No answer came.
public final class Unreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
        super(message, cause);
    }

    public String explanation() {
        return String.valueOf(getMessage());
    }
}
