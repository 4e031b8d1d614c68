package dev.signalbox.request;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `Prefer` header of RFC 7240, as far as we honour it: `wait=N`, in seconds.
final class Prefer {

    private static final int MAX_SECONDS = 60;
    private static final Pattern WAIT =
            Pattern.compile("(?i)(?:^|[,;\\s])wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])");

    private Prefer() {}

    /// How long to hold the answer, at most a minute; empty if nobody asks, or asks for something
    /// that we do not know. A preference is never an error.
    static Optional<Duration> waiting(List<String> headers) {
        Matcher matcher = WAIT.matcher(String.join(",", headers));
        return matcher.find()
                ? Optional.of(
                        Duration.ofSeconds(
                                Math.min(Integer.parseInt(matcher.group(1)), MAX_SECONDS)))
                : Optional.empty();
    }
}
