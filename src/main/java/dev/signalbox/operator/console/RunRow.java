package dev.signalbox.operator.console;

import dev.signalbox.domain.run.RunError;
import dev.signalbox.operator.console.Words.When;
import dev.signalbox.web.RunView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// A run in a list.
///
/// @param mark name of the status, which is also the name of its shape
/// @param line why it is where it is
public record RunRow(
        String id,
        String tail,
        String definition,
        String version,
        String mark,
        String status,
        String line,
        String input,
        String labels,
        When at,
        String took) {

    private static final int TAIL = 8;
    private static final int LINE = 220;

    static RunRow of(RunView run, Instant now) {
        String id = run.id().toString();
        return new RunRow(
                id,
                id.substring(id.length() - TAIL),
                run.definition(),
                run.version(),
                Words.lower(run.status()),
                Words.status(run.status()),
                Shown.clamped(line(run), LINE),
                Shown.of(run.input()).line(),
                labels(run.labels()),
                Words.when(run.createdAt(), now),
                run.finishedAt().isPresent() ? took(run, now) : "");
    }

    /// The list of runs of the same definition.
    public String siblings() {
        return "/console/runs?definition=" + URLEncoder.encode(definition, StandardCharsets.UTF_8);
    }

    static String line(RunView run) {
        return run.waitingOn()
                .map(RunView.Wait::detail)
                .or(() -> run.error().map(RunError::message))
                .or(() -> run.output().map(output -> Shown.of(output).line()))
                .orElse("");
    }

    static String took(RunView run, Instant now) {
        return run.startedAt()
                .map(start -> Duration.between(start, run.finishedAt().orElse(now)))
                .map(Words::took)
                .orElse("");
    }

    static String labels(Map<String, String> labels) {
        return String.join(
                " ",
                labels.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(label -> label.getKey() + ":" + label.getValue())
                        .toList());
    }
}
