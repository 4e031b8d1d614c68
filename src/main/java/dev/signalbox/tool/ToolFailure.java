package dev.signalbox.tool;

import java.time.Duration;
import java.util.Optional;

/// How a tool says that it failed, and what is known about whether it took effect. Code and message
/// reach the model, the journal and people: no secrets in them.
public final class ToolFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// What is known about whether the tool took effect.
    public enum Kind {
        /// It did not, and would not the next time either.
        PERMANENT,
        /// It did not, and may the next time.
        RETRYABLE,
        /// Nobody knows.
        UNKNOWN
    }

    private final Kind kind;
    private final String code;
    private final transient Optional<Duration> retryAfter;

    private ToolFailure(Kind kind, String code, String message, Optional<Duration> retryAfter) {
        super(message, null, false, false);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /// The call did not take effect, and would not the next time.
    ///
    /// @param code a stable word in lower case, such as `no_such_order`
    public static ToolFailure permanent(String code, String message) {
        return new ToolFailure(Kind.PERMANENT, code, message, Optional.empty());
    }

    /// The call did not take effect; it is made again after a while.
    public static ToolFailure retryable(String code, String message) {
        return new ToolFailure(Kind.RETRYABLE, code, message, Optional.empty());
    }

    /// The call did not take effect; it is made again, not before `pause` is over.
    public static ToolFailure retryable(String code, String message, Duration pause) {
        return new ToolFailure(Kind.RETRYABLE, code, message, Optional.of(pause));
    }

    /// The call may have taken effect. It is made again only if the tool's document says that a
    /// repeat is harmless; otherwise a person is asked.
    public static ToolFailure unknown(String code, String message) {
        return new ToolFailure(Kind.UNKNOWN, code, message, Optional.empty());
    }

    public Kind kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    public String message() {
        return String.valueOf(getMessage());
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
