package dev.signalbox.operator.trace;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.operator.trace.JournalSpan.Kind;
import dev.signalbox.wire.EventCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads a journal as a trace: the run, and below it its steps, model calls, tool calls, child runs,
/// decisions, approvals, verifications, waits and holds.
///
/// Guarantees: the same journal gives the same spans with the same ids; each entry is one event of
/// one span. No value of the run is in it, only what the journal itself says.
public final class JournalTrace {

    private final List<SpanDraft> drafts = new ArrayList<>();
    private final SpanDraft run;
    private final EffectSpans effects;
    private final StepSpans steps;
    private @Nullable SpanDraft rest;

    private JournalTrace(RunSummary summary, JournalEntry first) {
        run = new SpanDraft(first, null, name(summary.identity().definition()), Kind.INTERNAL);
        drafts.add(run);
        steps = new StepSpans(this::open, run);
        effects = new EffectSpans(this::open, steps::around);
        describe(summary);
    }

    /// @param journal from its beginning
    public static List<JournalSpan> of(RunSummary summary, List<JournalEntry> journal) {
        JournalTrace trace = new JournalTrace(summary, journal.getFirst());
        journal.forEach(trace::add);
        return trace.drafts.stream().map(draft -> draft.done(journal.getLast().at())).toList();
    }

    /// Opens spans.
    interface Opening {
        SpanDraft open(JournalEntry entry, SpanDraft parent, String name, Kind kind);
    }

    private SpanDraft open(JournalEntry entry, SpanDraft parent, String name, Kind kind) {
        SpanDraft draft = new SpanDraft(entry, parent, name, kind).note(entry);
        drafts.add(draft);
        return draft;
    }

    static String name(DefinitionRef definition) {
        return operation(definition) + " " + definition.name();
    }

    static String operation(DefinitionRef definition) {
        return switch (definition.kind()) {
            case AGENT -> Telemetry.INVOKE_AGENT;
            case WORKFLOW -> Telemetry.INVOKE_WORKFLOW;
        };
    }

    /// What a span says of the definition that it runs.
    static SpanDraft invokes(SpanDraft span, DefinitionRef definition) {
        span.with(Telemetry.OPERATION, operation(definition));
        return switch (definition.kind()) {
            case AGENT ->
                    span.with(Telemetry.AGENT_NAME, definition.name())
                            .with(Telemetry.AGENT_ID, definition.digest().value())
                            .with("gen_ai.agent.version", Json.text(definition.version()));
            case WORKFLOW ->
                    span.with(Telemetry.WORKFLOW_NAME, definition.name())
                            .with(Telemetry.WORKFLOW_ID, definition.digest().value())
                            .with("signalbox.workflow.version", Json.text(definition.version()));
        };
    }

    private void describe(RunSummary summary) {
        RunIdentity identity = summary.identity();
        invokes(run, identity.definition())
                .with(Telemetry.RUN_ID, identity.id().toString())
                .with(Telemetry.RUN_STATUS, lower(summary.status()))
                .with("signalbox.tenant", Json.text(identity.tenant()))
                .with("signalbox.root_run.id", Json.text(identity.lineage().root().toString()))
                .with(Telemetry.INPUT_TOKENS, summary.usage().inputTokens())
                .with(Telemetry.OUTPUT_TOKENS, summary.usage().outputTokens())
                .with("signalbox.cost.usd", Json.of(summary.usage().costUsd()));
        identity.lineage()
                .parent()
                .ifPresent(
                        parent ->
                                run.with(
                                        "signalbox.parent_run.id", Json.text(parent.toString())));
    }

    private void add(JournalEntry entry) {
        switch (EventCodec.placed(entry).event()) {
            case RunEvent.EffectEvent effect -> effects.add(entry, effect);
            case RunEvent.StepEvent step -> steps.add(entry, step);
            case RunEvent.VerificationCompleted verified -> {
                boolean passed = verified.output().isPresent();
                SpanDraft span =
                        open(entry, run, Telemetry.VERIFICATION, Kind.INTERNAL)
                                .with(Telemetry.OUTCOME, passed ? "passed" : "failed")
                                .close(entry.at());
                if (!passed) {
                    span.failed("verification_failed", "The answer does not hold.");
                }
            }
            case RunEvent.RunWaiting(var waitingOn, var _) ->
                    rest(entry, "signalbox.wait", lower(waitingOn.kind()));
            case RunEvent.RunHeld(var hold, var _) ->
                    rest(entry, "signalbox.hold", lower(hold.reason()));
            case RunEvent.RunResumed _, RunEvent.RunReleased _ -> awake(entry);
            case RunEvent.TimerSet(String timer, var _) -> steps.timer(timer).note(entry);
            case RunEvent.TimerFired(String timer) -> steps.timer(timer).note(entry);
            case RunEvent.RunCompleted _ -> end(entry);
            case RunEvent.RunFailed(var error) -> {
                end(entry);
                run.failed(error.code(), error.message());
            }
            case RunEvent.RunCancelled(String by, String reason) -> {
                end(entry);
                run.failed("cancelled", "cancelled by " + by + ": " + reason);
            }
            case RunEvent.RunSubmitted _,
                    RunEvent.RunStarted _,
                    RunEvent.CheckpointSaved _,
                    RunEvent.BudgetRaised _,
                    RunEvent.SignalReceived _ ->
                    run.note(entry);
        }
    }

    private void rest(JournalEntry entry, String name, String why) {
        endRest(entry);
        rest =
                open(entry, run, name, Kind.INTERNAL)
                        .with("signalbox.reason", Json.text(why));
    }

    private void awake(JournalEntry entry) {
        SpanDraft over = rest;
        endRest(entry);
        (over == null ? run : over).note(entry);
    }

    private void endRest(JournalEntry entry) {
        if (rest != null) {
            rest.close(entry.at());
            rest = null;
        }
    }

    private void end(JournalEntry entry) {
        endRest(entry);
        drafts.stream()
                .filter(SpanDraft::open)
                .forEach(
                        span -> {
                            span.close(entry.at());
                            if (span != run) {
                                span.with("signalbox.open", Json.of(true));
                            }
                        });
        run.note(entry);
    }

    static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
