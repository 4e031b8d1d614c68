package dev.signalbox.app;

/// An embedded part cannot start; the message says what to do about it.
public final class EmbeddedPartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EmbeddedPartException(String message) {
        super(message);
    }

    public EmbeddedPartException(String message, Throwable cause) {
        super(message, cause);
    }
}
