package dev.signalbox.domain.retention;

import java.time.Duration;
import java.time.format.DateTimeParseException;

/// How long something is kept.
public sealed interface Keep {

    /// The word for [Forever].
    String FOREVER = "forever";

    /// Until somebody decides otherwise.
    record Forever() implements Keep {}

    /// @param period from the end of the run on; not negative
    record Lasting(Duration period) implements Keep {
        public Lasting {
            if (period.isNegative()) {
                throw new IllegalArgumentException("nothing is kept for " + period);
            }
        }
    }

    /// What `text` says: `forever`, or an ISO 8601 duration.
    ///
    /// @throws IllegalArgumentException if it says neither
    static Keep of(String text) {
        if (text.equals(FOREVER)) {
            return new Forever();
        }
        try {
            return new Lasting(Duration.parse(text));
        } catch (DateTimeParseException | ArithmeticException _) {
            throw new IllegalArgumentException(
                    "'" + text + "' is neither '" + FOREVER + "' nor a duration such as P30D");
        }
    }

    /// As [#of(String)] reads it.
    default String text() {
        return switch (this) {
            case Forever() -> FOREVER;
            case Lasting(Duration period) -> period.toString();
        };
    }
}
