package dev.signalbox.runtime.sink;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a sink gets, and how.
///
/// @param piiSafe whether what is sensitive is taken out
/// @param attempts after which an event is given up; empty for never
/// @param lease how long a process has the sink for itself without a sign of life: three times as
///     long as taking one event may last, at least
record SinkTerms(
        String name,
        boolean piiSafe,
        Globs types,
        Globs definitions,
        Globs tenants,
        OptionalInt attempts,
        Duration lease) {

    private static final Duration SHORTEST_LEASE = Duration.ofSeconds(30);
    private static final int MARGIN = 3;

    static Duration lease(Duration timeout) {
        Duration lease = timeout.multipliedBy(MARGIN);
        return lease.compareTo(SHORTEST_LEASE) > 0 ? lease : SHORTEST_LEASE;
    }

    /// Patterns over names; `*` stands for any characters.
    record Globs(List<Pattern> patterns) {

        static Globs of(List<String> globs) {
            return new Globs(globs.stream().map(String::strip).map(Globs::pattern).toList());
        }

        private static Pattern pattern(String glob) {
            return Pattern.compile(
                    Arrays.stream(glob.split("\\*", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*")));
        }

        boolean match(String name) {
            return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
        }
    }
}
