package dev.signalbox.domain.evidence;

import dev.signalbox.domain.evidence.Deed.Aspect;
import dev.signalbox.domain.evidence.Deed.Fact;
import dev.signalbox.domain.evidence.Deed.Kind;
import dev.signalbox.domain.evidence.RecordedRun.Recorded;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.run.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads a journal as the deeds of its run, in the order in which they began.
///
/// What is the run's own (ids, times, who worked on it) is left out of what is compared.
final class DeedFold {

    private final RecordedRun run;
    private final boolean workflow;
    private final List<Draft> drafts = new ArrayList<>();
    private final Map<EffectId, Draft> effects = new HashMap<>();
    private final Map<String, Draft> steps = new HashMap<>();

    private DeedFold(RecordedRun run) {
        this.run = run;
        this.workflow =
                run.summary().identity().definition().kind() == DefinitionRef.Kind.WORKFLOW;
    }

    static List<Deed> of(RecordedRun run) {
        DeedFold fold = new DeedFold(run);
        run.journal().forEach(fold::add);
        return fold.drafts.stream().map(Draft::done).toList();
    }

    private record Draft(
            Kind kind,
            String name,
            Optional<String> step,
            long seq,
            Instant at,
            Map<Aspect, Fact> facts) {

        Deed done() {
            return new Deed(kind, name, step, seq, at, List.copyOf(facts.values()));
        }
    }

    private Draft open(Recorded entry, Kind kind, String name, Optional<String> step) {
        Draft draft =
                new Draft(
                        kind,
                        name,
                        step,
                        entry.placed().seq(),
                        entry.placed().at(),
                        new EnumMap<>(Aspect.class));
        drafts.add(draft);
        return draft;
    }

    private void put(
            Recorded entry,
            Draft draft,
            Aspect aspect,
            String content,
            Stream<Digest> values,
            String words) {
        draft.facts()
                .put(
                        aspect,
                        new Fact(aspect, content, values.toList(), words, run.evidence(entry)));
    }

    private void add(Recorded entry) {
        switch (entry.placed().event()) {
            case RunEvent.EffectEvent effect -> effect(entry, effect);
            case RunEvent.StepEvent step -> step(entry, step);
            case RunEvent.VerificationCompleted verified -> {
                boolean passed = verified.output().isPresent();
                put(
                        entry,
                        open(entry, Kind.VERIFICATION, "", Optional.empty()),
                        Aspect.VERIFICATION,
                        passed ? "passed" : "failed " + verified.onFail(),
                        Stream.concat(verified.output().stream(), verified.findings().stream()),
                        passed
                                ? "passed"
                                : "failed, and so: "
                                        + verified.onFail().map(DeedFold::word).orElse("nothing"));
            }
            case RunEvent.SignalReceived signal ->
                    put(
                            entry,
                            open(entry, Kind.SIGNAL, word(signal.type()), Optional.empty()),
                            Aspect.SIGNAL,
                            signal.name().orElse(""),
                            signal.message().stream(),
                            signal.name().map(name -> "'" + name + "' ").orElse("")
                                    + "from "
                                    + signal.by());
            case RunEvent.RunHeld(var hold, var _) ->
                    put(
                            entry,
                            open(entry, Kind.HOLD, word(hold.reason()), Optional.empty()),
                            Aspect.HOLD,
                            "",
                            Stream.empty(),
                            hold.detail());
            case RunEvent.RunCompleted(Digest output) ->
                    end(entry, "completed", Stream.of(output), "completed");
            case RunEvent.RunFailed(var error) ->
                    end(
                            entry,
                            "failed " + error.code(),
                            Stream.empty(),
                            "failed, " + error.code() + ": " + error.message());
            case RunEvent.RunCancelled(String by, String reason) ->
                    end(entry, "cancelled", Stream.empty(), "cancelled by " + by + ": " + reason);
            case RunEvent.RunSubmitted _,
                    RunEvent.RunStarted _,
                    RunEvent.RunWaiting _,
                    RunEvent.RunResumed _,
                    RunEvent.RunReleased _,
                    RunEvent.CheckpointSaved _,
                    RunEvent.BudgetRaised _,
                    RunEvent.TimerSet _,
                    RunEvent.TimerFired _ -> {}
        }
    }

    private void end(Recorded entry, String content, Stream<Digest> output, String words) {
        Draft draft = open(entry, Kind.END, "", Optional.empty());
        put(entry, draft, Aspect.OUTCOME, content, output, words);
    }

    private Draft effect(Recorded entry, EffectId id, Kind kind) {
        return effects.computeIfAbsent(id, _ -> open(entry, kind, "", Optional.empty()));
    }

    private void effect(Recorded entry, RunEvent.EffectEvent event) {
        EffectId id = event.effectId();
        switch (event) {
            case RunEvent.ModelRequested _ -> effect(entry, id, Kind.MODEL_TURN);
            case RunEvent.ModelCompleted answer ->
                    answered(entry, effect(entry, id, Kind.MODEL_TURN), answer);
            case RunEvent.ModelFailed failed ->
                    put(
                            entry,
                            effect(entry, id, Kind.MODEL_TURN),
                            Aspect.MODEL_OUTPUT,
                            "failed " + failed.code(),
                            Stream.empty(),
                            "gave no answer, " + failed.code() + ": " + failed.detail());
            case RunEvent.ToolProposed proposed -> proposed(entry, proposed);
            case RunEvent.PolicyDecided decided ->
                    put(
                            entry,
                            effect(entry, id, Kind.CALL),
                            Aspect.DECISION,
                            decided.verdict() + " " + decided.policy() + " " + decided.ruleId(),
                            Stream.empty(),
                            word(decided.verdict())
                                    + " by the policy '"
                                    + decided.policy()
                                    + "': "
                                    + decided.reason());
            case RunEvent.ApprovalRequested asked ->
                    put(
                            entry,
                            effect(entry, id, Kind.CALL),
                            Aspect.APPROVAL,
                            "asked",
                            Stream.empty(),
                            "asked of " + String.join(", ", asked.terms().approvers()));
            case RunEvent.ApprovalResolved resolved ->
                    put(
                            entry,
                            effect(entry, id, Kind.CALL),
                            Aspect.APPROVAL,
                            word(resolved.outcome()),
                            resolved.arguments().stream(),
                            word(resolved.outcome())
                                    + (resolved.by().isEmpty()
                                            ? ""
                                            : " by " + String.join(", ", resolved.by()))
                                    + (resolved.reason().isEmpty()
                                            ? ""
                                            : ": " + resolved.reason()));
            case RunEvent.ToolStarted _ ->
                    came(entry, id, "sent", Stream.empty(), "sent, no answer yet");
            case RunEvent.ToolCompleted(var _, int _, Digest result) ->
                    came(entry, id, "completed", Stream.of(result), "completed");
            case RunEvent.ToolFailed failed ->
                    came(
                            entry,
                            id,
                            word(failed.kind()) + " " + failed.code(),
                            failed.body().stream(),
                            (failed.kind() == RunEvent.FailureKind.UNKNOWN
                                            ? "nobody knows, "
                                            : "failed, ")
                                    + failed.code()
                                    + ": "
                                    + failed.detail());
            case RunEvent.EffectReconciled known ->
                    came(
                            entry,
                            id,
                            "reconciled " + known.happened(),
                            known.result().stream(),
                            known.by()
                                    + " found that it "
                                    + (known.happened() ? "happened" : "did not happen")
                                    + ": "
                                    + known.reason());
            case RunEvent.ChildStarted started -> {
                if (!effects.containsKey(id)) {
                    call(
                            entry,
                            id,
                            started.step(),
                            StepNames.childOf(started.definition()),
                            started.input());
                }
                came(
                        entry,
                        id,
                        "child " + started.definition().digest(),
                        Stream.empty(),
                        "the child run " + started.childId() + " is on it");
            }
            case RunEvent.ChildSettled settled ->
                    came(
                            entry,
                            id,
                            word(settled.status()) + settled.error().map(e -> e.code()),
                            settled.output().stream(),
                            "the child run "
                                    + settled.childId()
                                    + " "
                                    + word(settled.status())
                                    + settled.error()
                                            .map(e -> ", " + e.code() + ": " + e.message())
                                            .orElse(""));
        }
    }

    private void proposed(Recorded entry, RunEvent.ToolProposed proposed) {
        call(
                entry,
                proposed.effectId(),
                proposed.callId(),
                proposed.tool(),
                proposed.arguments());
    }

    private void call(Recorded entry, EffectId id, String callId, String tool, Digest arguments) {
        Draft draft =
                open(
                        entry,
                        Kind.CALL,
                        tool,
                        workflow ? Optional.of(callId) : Optional.empty());
        effects.put(id, draft);
        put(entry, draft, Aspect.CALL, tool, Stream.of(arguments), "to call " + tool);
    }

    private void came(
            Recorded entry, EffectId id, String content, Stream<Digest> values, String words) {
        put(entry, effect(entry, id, Kind.CALL), Aspect.EFFECT, content, values, words);
    }

    private void answered(Recorded entry, Draft draft, RunEvent.ModelCompleted answer) {
        String calls =
                answer.calls().stream().map(ProposedCall::tool).collect(Collectors.joining(", "));
        put(
                entry,
                draft,
                Aspect.MODEL_OUTPUT,
                calls,
                Stream.concat(
                        answer.text().stream(),
                        answer.calls().stream().map(ProposedCall::arguments)),
                calls.isEmpty() ? "answered" : "wanted to call " + calls);
        put(entry, draft, Aspect.MODEL, answer.model(), Stream.empty(), answer.model());
        String cost =
                cost(Usage.NONE.plus(answer.usage(), answer.costUsd()), answer.costUsd());
        put(entry, draft, Aspect.COST, cost, Stream.empty(), cost);
    }

    private static String cost(Usage usage, Optional<BigDecimal> known) {
        return usage.inputTokens()
                + " tokens in, "
                + usage.outputTokens()
                + " out, "
                + known.map(dollars -> "$" + dollars.toPlainString()).orElse("price unknown");
    }

    private void step(Recorded entry, RunEvent.StepEvent event) {
        Draft draft =
                steps.computeIfAbsent(
                        event.step(), name -> open(entry, Kind.STEP, name, Optional.empty()));
        switch (event) {
            case RunEvent.StepStarted(String _, Digest input) ->
                    put(entry, draft, Aspect.CALL, "input", Stream.of(input), "began");
            case RunEvent.StepCompleted done ->
                    put(
                            entry,
                            draft,
                            Aspect.STEP,
                            done.outcome() + done.error().map(e -> " " + e.code()).orElse(""),
                            done.output().stream(),
                            word(done.outcome())
                                    + done.error()
                                            .map(e -> ", " + e.code() + ": " + e.message())
                                            .orElse(""));
            case RunEvent.StepRetried retried ->
                    put(
                            entry,
                            draft,
                            Aspect.STEP,
                            "retried " + retried.error().code(),
                            Stream.empty(),
                            "is tried again after " + retried.error().code());
            case RunEvent.SignalDelivered(String _, String name, Digest message) ->
                    put(
                            entry,
                            draft,
                            Aspect.SIGNAL,
                            name,
                            Stream.of(message),
                            "got the signal '" + name + "'");
        }
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
