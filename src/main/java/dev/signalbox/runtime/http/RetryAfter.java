package dev.signalbox.runtime.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the `Retry-After` header (RFC 9110, section 10.2.3).
public final class RetryAfter {

    /// Longest wait that a server may ask for; anything longer counts as this.
    public static final Duration LONGEST = Duration.ofDays(1);

    private static final int MOST_DIGITS = 9;

    private RetryAfter() {}

    /// How long to wait from `now`, at least nothing and at most [#LONGEST].
    ///
    /// @param header whole seconds or an HTTP date
    /// @return empty without a header, and with one that says neither
    public static Optional<Duration> parse(@Nullable String header, Instant now) {
        if (header == null || header.isBlank()) {
            return Optional.empty();
        }
        String value = header.strip();
        if (value.chars().allMatch(character -> character >= '0' && character <= '9')) {
            return Optional.of(seconds(value));
        }
        try {
            Instant then =
                    ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            return Optional.of(bounded(Duration.between(now, then)));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Duration seconds(String digits) {
        return digits.length() > MOST_DIGITS
                ? LONGEST
                : bounded(Duration.ofSeconds(Long.parseLong(digits)));
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
