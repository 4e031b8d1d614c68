package dev.signalbox.operator.view;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.IllegalHistoryException;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.operator.view.Step.Moment;
import dev.signalbox.operator.view.Step.Verification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A journal told in steps.
///
/// Guarantee: pure; every event is in exactly one step or mark. A park for an approval, a retry or
/// a worker is no step of its own: the step that it belongs to shows it.
///
/// @param steps in the order in which they began
/// @param checkpoints labelled safe points, oldest first
/// @param errors everything that went wrong, oldest first, whether the run got over it or not
public record Timeline(List<Step> steps, List<Mark> checkpoints, List<Fault> errors) {

    /// A checkpoint.
    public record Mark(String label, long seq, Instant at) {}

    /// Something that went wrong.
    ///
    /// @param effectId the effect that it happened to, if it was one
    public record Fault(
            long seq, Instant at, String code, String message, Optional<EffectId> effectId) {}

    public Timeline {
        steps = List.copyOf(steps);
        checkpoints = List.copyOf(checkpoints);
        errors = List.copyOf(errors);
    }

    public static Timeline of(Iterable<Placed> history, Values values) {
        Fold fold = new Fold(values);
        history.forEach(fold::add);
        return fold.done();
    }

    private static final class Fold {
        private final Values values;
        private final List<Supplier<? extends Step>> steps = new ArrayList<>();
        private final Map<EffectId, ModelDraft> turns = new LinkedHashMap<>();
        private final Map<EffectId, ToolDraft> calls = new LinkedHashMap<>();
        private final Map<String, StepDraft> parts = new LinkedHashMap<>();
        private final List<Mark> checkpoints = new ArrayList<>();
        private final List<Fault> errors = new ArrayList<>();

        Fold(Values values) {
            this.values = values;
        }

        Timeline done() {
            return new Timeline(
                    steps.stream().<Step>map(Supplier::get).toList(), checkpoints, errors);
        }

        void add(Placed placed) {
            switch (placed.event()) {
                case EffectEvent effect -> effect(placed, effect);
                case RunEvent.StepEvent step -> step(placed, step);
                case RunEvent.VerificationCompleted verified -> verified(placed, verified);
                case RunEvent.CheckpointSaved(String label) ->
                        checkpoints.add(new Mark(label, placed.seq(), placed.at()));
                case RunEvent.RunFailed(RunError(String code, String message)) -> {
                    fault(placed, code, message, Optional.empty());
                    moment(placed, "run_failed", "", message);
                }
                case RunEvent.RunSubmitted(var identity, var _) ->
                        moment(placed, "run_submitted", identity.requestedBy(), "");
                case RunEvent.RunStarted(String worker, var _) ->
                        moment(placed, "run_started", worker, "");
                case RunEvent.RunHeld(Hold hold, var _) ->
                        moment(placed, "run_held", hold.by().orElse(""), hold.detail());
                case RunEvent.RunReleased(String by, String reason) ->
                        moment(placed, "run_released", by, reason);
                case RunEvent.BudgetRaised raised ->
                        moment(placed, "budget_raised", raised.by(), raise(raised));
                case RunEvent.SignalReceived signal -> signalled(placed, signal);
                case RunEvent.RunCompleted _ -> moment(placed, "run_completed", "", "");
                case RunEvent.RunCancelled(String by, String reason) ->
                        moment(placed, "run_cancelled", by, reason);
                case RunEvent.TimerSet(String timer, Instant at) ->
                        StepNames.timed(timer)
                                .map(parts::get)
                                .ifPresent(part -> part.note(placed, "waits until " + at));
                case RunEvent.RunWaiting _, RunEvent.RunResumed _, RunEvent.TimerFired _ -> {}
            }
        }

        private static String raise(RunEvent.BudgetRaised raised) {
            return raised.more().kinds().stream()
                            .map(kind -> raised.more().words(kind))
                            .collect(Collectors.joining(", "))
                    + " more"
                    + raised.child().map(_ -> " for run " + raised.runId()).orElse("")
                    + ": "
                    + raised.reason();
        }

        private void effect(Placed placed, EffectEvent effect) {
            EffectId id = effect.effectId();
            switch (effect) {
                case RunEvent.ModelRequested requested -> {
                    ModelDraft draft = turns.get(id);
                    if (draft == null) {
                        draft = new ModelDraft(placed, requested, turns.size() + 1, values);
                        turns.put(id, draft);
                        steps.add(draft::step);
                    }
                    draft.requested(placed, requested);
                }
                case RunEvent.ModelCompleted completed -> turn(id).completed(placed, completed);
                case RunEvent.ModelFailed failed -> {
                    turn(id).failed(placed, failed);
                    fault(placed, failed.code(), failed.detail(), Optional.of(id));
                }
                case RunEvent.ToolProposed proposed -> {
                    part(placed, proposed);
                    proposed.replaces().ifPresent(old -> call(old).replacedBy(placed, id));
                }
                case RunEvent.ChildStarted started -> {
                    if (!calls.containsKey(id)) {
                        part(placed, proposal(started));
                    }
                    call(id).add(placed, started);
                }
                case RunEvent.ChildSettled settled -> {
                    call(id).add(placed, settled);
                    settled.error()
                            .ifPresent(
                                    error ->
                                            fault(
                                                    placed,
                                                    error.code(),
                                                    error.message(),
                                                    Optional.of(id)));
                }
                case RunEvent.ToolFailed failed -> {
                    call(id).add(placed, failed);
                    fault(placed, failed.code(), failed.detail(), Optional.of(id));
                }
                case RunEvent.PolicyDecided _,
                        RunEvent.ApprovalRequested _,
                        RunEvent.ApprovalResolved _,
                        RunEvent.ToolStarted _,
                        RunEvent.ToolCompleted _,
                        RunEvent.EffectReconciled _ ->
                        call(id).add(placed, effect);
            }
        }

        private void part(Placed placed, RunEvent.ToolProposed proposed) {
            Optional<StepDraft> part = Optional.ofNullable(parts.get(proposed.callId()));
            ToolDraft draft = new ToolDraft(placed, proposed, part, values);
            calls.put(proposed.effectId(), draft);
            if (!part.map(step -> step.toldBy(draft)).orElse(false)) {
                steps.add(draft::step);
            }
        }

        /// A child run is told as a call of what it runs.
        private static RunEvent.ToolProposed proposal(RunEvent.ChildStarted started) {
            return new RunEvent.ToolProposed(
                    started.effectId(),
                    started.step(),
                    StepNames.childOf(started.definition()),
                    started.input(),
                    started.definition().digest(),
                    Optional.empty());
        }

        private void step(Placed placed, RunEvent.StepEvent event) {
            StepDraft part = parts.get(event.step());
            if (part == null) {
                part = new StepDraft(placed, event.step());
                parts.put(event.step(), part);
                steps.add(part::step);
            }
            if (event instanceof RunEvent.SignalDelivered(var _, String name, var _)) {
                part.note(placed, "got the signal '" + name + "'");
            }
            if (event instanceof RunEvent.StepRetried) {
                part.seen(placed);
            }
            if (event instanceof RunEvent.StepCompleted completed) {
                part.ended(placed, completed);
                calls.values().stream()
                        .filter(call -> call.isOf(event.step()))
                        .reduce((_, last) -> last)
                        .ifPresent(last -> last.stepEnded(placed));
                if (!part.hasCall()) {
                    completed
                            .error()
                            .ifPresent(
                                    error ->
                                            fault(
                                                    placed,
                                                    error.code(),
                                                    event.step() + ": " + error.message(),
                                                    Optional.empty()));
                }
            }
        }

        private ModelDraft turn(EffectId id) {
            return known(turns.get(id), id);
        }

        private ToolDraft call(EffectId id) {
            return known(calls.get(id), id);
        }

        private static <T> T known(@Nullable T draft, EffectId id) {
            if (draft == null) {
                throw new IllegalHistoryException("effect " + id + " has not begun");
            }
            return draft;
        }

        private void verified(Placed placed, RunEvent.VerificationCompleted verified) {
            Optional<Json> findings = verified.findings().flatMap(values::get);
            steps.add(
                    () ->
                            new Verification(
                                    placed.seq(),
                                    placed.at(),
                                    verified.round(),
                                    verified.output().isPresent(),
                                    findings,
                                    verified.onFail()
                                            .filter(_ -> verified.output().isEmpty())
                                            .map(then -> then.name().toLowerCase(Locale.ROOT))));
            if (verified.output().isEmpty()) {
                fault(
                        placed,
                        "verification_failed",
                        findings.map(Json::canonical).orElse("the findings were erased"),
                        Optional.empty());
            }
        }

        private void signalled(Placed placed, RunEvent.SignalReceived signal) {
            String message =
                    signal.message()
                            .flatMap(values::get)
                            .map(text -> text instanceof Json.JsonText(String words) ? words : "")
                            .orElse("");
            String type = signal.type().name().toLowerCase(Locale.ROOT);
            moment(
                    placed,
                    "signal_" + type,
                    signal.by(),
                    signal.name().map(name -> "'" + name + "'").orElse(message));
        }

        private void moment(Placed placed, String what, String by, String detail) {
            Moment moment =
                    new Moment(placed.seq(), placed.at(), what, present(by), present(detail));
            steps.add(() -> moment);
        }

        private void fault(Placed placed, String code, String message, Optional<EffectId> effect) {
            errors.add(new Fault(placed.seq(), placed.at(), code, message, effect));
        }

        private static Optional<String> present(String text) {
            return Optional.of(text).filter(words -> !words.isEmpty());
        }
    }
}
