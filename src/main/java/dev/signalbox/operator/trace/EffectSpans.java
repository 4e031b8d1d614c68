package dev.signalbox.operator.trace;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.operator.trace.JournalSpan.Kind;
import dev.signalbox.operator.trace.JournalTrace.Opening;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The spans of model calls, tool calls and child runs, a span an attempt, and of what was decided
/// about them.
final class EffectSpans {

    private final Opening opening;
    private final Function<String, SpanDraft> around;
    private final Map<EffectId, RunEvent.ToolProposed> proposals = new HashMap<>();
    private final Map<EffectId, SpanDraft> out = new HashMap<>();
    private final Map<EffectId, SpanDraft> approvals = new HashMap<>();

    /// @param around the span around what is done for a call of that id
    EffectSpans(Opening opening, Function<String, SpanDraft> around) {
        this.opening = opening;
        this.around = around;
    }

    void add(JournalEntry entry, EffectEvent event) {
        EffectId id = event.effectId();
        switch (event) {
            case RunEvent.ModelRequested asked -> asked(entry, asked);
            case RunEvent.ModelCompleted answer -> answered(entry, answer);
            case RunEvent.ModelFailed failed ->
                    back(entry, id).failed(failed.code(), failed.detail());
            case RunEvent.ToolProposed proposed -> {
                proposals.put(id, proposed);
                parent(id).note(entry);
            }
            case RunEvent.PolicyDecided decided -> {
                SpanDraft span =
                        opening.open(entry, parent(id), Telemetry.POLICY, Kind.INTERNAL)
                                .with(Telemetry.EFFECT_ID, id.value())
                                .with(Telemetry.VERDICT, JournalTrace.lower(decided.verdict()))
                                .close(entry.at());
                decided.ruleId().ifPresent(rule -> span.with(Telemetry.RULE, rule));
            }
            case RunEvent.ApprovalRequested asked ->
                    approvals.put(
                            id,
                            opening.open(entry, parent(id), Telemetry.APPROVAL, Kind.INTERNAL)
                                    .with(Telemetry.EFFECT_ID, id.value())
                                    .with(Telemetry.APPROVAL_ID, asked.approvalId().toString()));
            case RunEvent.ApprovalResolved resolved ->
                    Optional.ofNullable(approvals.remove(id))
                            .map(span -> span.note(entry))
                            .orElseGet(
                                    () ->
                                            opening.open(
                                                    entry,
                                                    parent(id),
                                                    Telemetry.APPROVAL,
                                                    Kind.INTERNAL))
                            .with(Telemetry.OUTCOME, JournalTrace.lower(resolved.outcome()))
                            .close(entry.at());
            case RunEvent.ToolStarted(var _, int attempt) -> started(entry, id, attempt);
            case RunEvent.ToolCompleted _ -> back(entry, id);
            case RunEvent.ToolFailed failed ->
                    back(entry, id)
                            .failed(failed.code(), failed.detail())
                            .with(Telemetry.OUTCOME, JournalTrace.lower(failed.kind()));
            case RunEvent.EffectReconciled _ -> parent(id).note(entry);
            case RunEvent.ChildStarted started ->
                    out(
                            id,
                            JournalTrace.invokes(
                                            opening.open(
                                                    entry,
                                                    around.apply(started.step()),
                                                    JournalTrace.name(started.definition()),
                                                    Kind.INTERNAL),
                                            started.definition())
                                    .with(Telemetry.EFFECT_ID, id.value())
                                    .with(
                                            "signalbox.child_run.id",
                                            Json.text(started.childId().toString())));
            case RunEvent.ChildSettled settled -> {
                SpanDraft span =
                        back(entry, id)
                                .with(Telemetry.OUTCOME, JournalTrace.lower(settled.status()));
                settled.error().ifPresent(error -> span.failed(error.code(), error.message()));
            }
        }
    }

    private SpanDraft parent(EffectId id) {
        return around.apply(
                Optional.ofNullable(proposals.get(id))
                        .map(RunEvent.ToolProposed::callId)
                        .orElse(""));
    }

    private void asked(JournalEntry entry, RunEvent.ModelRequested asked) {
        out(
                asked.effectId(),
                opening.open(
                                entry,
                                around.apply(""),
                                Telemetry.CHAT + " " + asked.model(),
                                Kind.CLIENT)
                        .with(Telemetry.OPERATION, Telemetry.CHAT)
                        .with(Telemetry.PROVIDER, asked.provider())
                        .with(Telemetry.REQUEST_MODEL, asked.model())
                        .with(Telemetry.EFFECT_ID, asked.effectId().value())
                        .with(Telemetry.ATTEMPT, (long) asked.attempt()));
    }

    private void answered(JournalEntry entry, RunEvent.ModelCompleted answer) {
        SpanDraft span =
                back(entry, answer.effectId())
                        .with(Telemetry.RESPONSE_MODEL, answer.model())
                        .with(
                                "gen_ai.response.finish_reasons",
                                Json.of(List.of(answer.finishReason())))
                        .with(Telemetry.INPUT_TOKENS, answer.usage().inputTokens())
                        .with(Telemetry.OUTPUT_TOKENS, answer.usage().outputTokens())
                        .with("signalbox.offline", Json.of(answer.offline()));
        answer.usage()
                .cacheReadTokens()
                .ifPresent(tokens -> span.with(Telemetry.CACHE_READ_TOKENS, tokens));
        answer.usage()
                .cacheWriteTokens()
                .ifPresent(tokens -> span.with(Telemetry.CACHE_WRITE_TOKENS, tokens));
        answer.costUsd().ifPresent(cost -> span.with("signalbox.cost.usd", Json.of(cost)));
    }

    private void started(JournalEntry entry, EffectId id, int attempt) {
        RunEvent.ToolProposed proposal = proposals.get(id);
        String tool = proposal == null ? id.value() : proposal.tool();
        SpanDraft span =
                opening.open(
                                entry,
                                parent(id),
                                Telemetry.EXECUTE_TOOL + " " + tool,
                                Kind.INTERNAL)
                        .with(Telemetry.OPERATION, Telemetry.EXECUTE_TOOL)
                        .with(Telemetry.TOOL_NAME, tool)
                        .with(Telemetry.EFFECT_ID, id.value())
                        .with(Telemetry.ATTEMPT, (long) attempt);
        if (proposal != null) {
            span.with(Telemetry.TOOL_CALL_ID, proposal.callId());
        }
        out(id, span);
    }

    /// Another attempt of the same effect: the one before got no answer.
    private void out(EffectId id, SpanDraft span) {
        SpanDraft before = out.put(id, span);
        if (before != null) {
            before.failed("interrupted", "It was sent again before an answer came.")
                    .close(span.start());
        }
    }

    /// The attempt that this is the answer to. What was never sent, or is asked after again, is a
    /// moment of its own.
    private SpanDraft back(JournalEntry entry, EffectId id) {
        SpanDraft sent = out.remove(id);
        if (sent != null) {
            return sent.note(entry).close(entry.at());
        }
        RunEvent.ToolProposed proposal = proposals.get(id);
        String tool = proposal == null ? id.value() : proposal.tool();
        return opening.open(
                        entry, parent(id), Telemetry.EXECUTE_TOOL + " " + tool, Kind.INTERNAL)
                .with(Telemetry.OPERATION, Telemetry.EXECUTE_TOOL)
                .with(Telemetry.TOOL_NAME, tool)
                .with(Telemetry.EFFECT_ID, id.value())
                .close(entry.at());
    }
}
