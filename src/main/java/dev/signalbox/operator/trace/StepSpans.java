package dev.signalbox.operator.trace;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.StepEvent;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.operator.trace.JournalSpan.Kind;
import dev.signalbox.operator.trace.JournalTrace.Opening;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The spans of a workflow's steps.
final class StepSpans {

    private static final String NAME = "signalbox.step";

    private final Opening opening;
    private final SpanDraft run;
    private final Map<String, SpanDraft> open = new HashMap<>();

    StepSpans(Opening opening, SpanDraft run) {
        this.opening = opening;
        this.run = run;
    }

    /// The span around what is done for the step of that name; the run's if there is no such step.
    SpanDraft around(String step) {
        return open.getOrDefault(step, run);
    }

    /// The span that a timer belongs to.
    SpanDraft timer(String timer) {
        return StepNames.timed(timer).map(this::around).orElse(run);
    }

    void add(JournalEntry entry, StepEvent event) {
        switch (event) {
            case RunEvent.StepStarted _ -> open.put(event.step(), begin(entry, event.step()));
            case RunEvent.StepRetried _, RunEvent.SignalDelivered _ ->
                    around(event.step()).note(entry);
            case RunEvent.StepCompleted(
                            String step,
                            StepOutcome outcome,
                            var _,
                            Optional<RunError> error,
                            var _) -> {
                SpanDraft begun = open.remove(step);
                SpanDraft span = begun == null ? begin(entry, step) : begun.note(entry);
                span.with(Telemetry.OUTCOME, JournalTrace.lower(outcome)).close(entry.at());
                error.ifPresent(why -> span.failed(why.code(), why.message()));
            }
        }
    }

    private SpanDraft begin(JournalEntry entry, String step) {
        return opening.open(entry, run, NAME + " " + step, Kind.INTERNAL)
                .with(NAME, Json.text(step));
    }
}
