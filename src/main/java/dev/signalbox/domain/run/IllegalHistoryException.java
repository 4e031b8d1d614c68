package dev.signalbox.domain.run;

/// A journal holds an event that its state does not allow: it was written by something broken, or
/// changed afterwards.
public final class IllegalHistoryException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public IllegalHistoryException(String message) {
        super(message);
    }
}
