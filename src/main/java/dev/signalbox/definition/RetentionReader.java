package dev.signalbox.definition;

import dev.signalbox.domain.retention.Keep;
import dev.signalbox.domain.retention.RetentionTerms;
import java.time.Duration;
import java.util.Optional;

/// Reads how long runs are kept once they have ended.
final class RetentionReader {

    static final String FIELD = "retention";

    /// Long enough for whoever waits for a run to read how it ended.
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(36_525);

    private RetentionReader() {}

    static RetentionTerms read(Fields fields) {
        return fields.object(FIELD, "completed", "failed", "cancelled")
                .map(
                        said ->
                                new RetentionTerms(
                                        keep(said, "completed"),
                                        keep(said, "failed"),
                                        keep(said, "cancelled")))
                .orElse(RetentionTerms.NONE);
    }

    private static Optional<Keep> keep(Fields said, String status) {
        return said.durationOr(Keep.FOREVER, status, SHORTEST, LONGEST)
                .map(period -> period.<Keep>map(Keep.Lasting::new).orElseGet(Keep.Forever::new));
    }
}
