package dev.signalbox.domain.run;

/// The name of a state, as it stands on the wire and in queries.
public enum RunStatus {
    QUEUED,
    RUNNING,
    WAITING,
    HELD,
    COMPLETED,
    FAILED,
    CANCELLED;

    public boolean terminal() {
        return switch (this) {
            case QUEUED, RUNNING, WAITING, HELD -> false;
            case COMPLETED, FAILED, CANCELLED -> true;
        };
    }

    /// Whether the run has come to rest: terminal, or waiting for somebody.
    public boolean settled() {
        return switch (this) {
            case QUEUED, RUNNING -> false;
            case WAITING, HELD, COMPLETED, FAILED, CANCELLED -> true;
        };
    }
}
