package dev.signalbox.cli;

import dev.signalbox.cli.http.Refused;

/// What the process says to whoever started it. Part of the contract: add, never change.
final class ExitCode {

    static final int OK = 0;

    /// The server refused, or what was asked about has failed.
    static final int FAILED = 1;

    /// The command line is not right; nothing was sent.
    static final int USAGE = 2;

    static final int NOT_FOUND = 3;

    /// The token is missing, unknown, or its roles do not allow this.
    static final int NOT_ALLOWED = 4;

    /// No answer: the server, or what it needs, is away.
    static final int UNREACHABLE = 5;

    /// What was waited for has not come in time.
    static final int NOT_YET = 6;

    private ExitCode() {}

    static int of(Refused refused) {
        return switch (refused.status()) {
            case 401, 403 -> NOT_ALLOWED;
            case 404 -> NOT_FOUND;
            case 502, 503, 504 -> UNREACHABLE;
            default -> FAILED;
        };
    }
}
