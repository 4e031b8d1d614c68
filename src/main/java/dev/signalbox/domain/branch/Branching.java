package dev.signalbox.domain.branch;

import dev.signalbox.domain.branch.RecordedEffect.Outcome;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.IllegalHistoryException;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.Progress.Checkpoint;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.domain.run.RunEvent.SignalType;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.Turn.ModelCall;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a branch takes over from its origin, and what the origin did after that.
///
/// Guarantee: pure. A branch takes over what was settled at the checkpoint, and nothing that was
/// under way: calls that were proposed, approved or sent by then are proposed anew, under effect ids
/// of the branch, so that no approval of the origin counts for a call of the branch.
public final class Branching {

    /// What the rules of plans are called, followed by which.
    public static final String RULE = "branch:";

    private static final String MARK = "branched from ";

    private Branching() {}

    /// The positions that a branch can begin at, in order: checkpoints, and the very beginning.
    public static List<Checkpoint> checkpoints(List<Placed> journal) {
        List<Checkpoint> found = new ArrayList<>();
        found.add(new Checkpoint("submitted", 1));
        for (Placed placed : journal) {
            if (placed.event() instanceof RunEvent.CheckpointSaved(String label)) {
                found.add(new Checkpoint(label, placed.seq()));
            }
        }
        return found;
    }

    /// What the origin's journal up to the checkpoint gives to a branch, behind its first start.
    ///
    /// @param journal the origin's, from its beginning, at least up to the checkpoint
    public static List<RunEvent> inherited(List<Placed> journal, long checkpoint) {
        List<Placed> before = journal.stream().filter(one -> one.seq() <= checkpoint).toList();
        Set<EffectId> open = open(RunFold.fold(before).progress());
        List<RunEvent> events = new ArrayList<>();
        for (Placed placed : before) {
            if (inherits(placed.event(), open)) {
                events.add(placed.event());
            }
        }
        return events;
    }

    private static boolean inherits(RunEvent event, Set<EffectId> open) {
        return switch (event) {
            case RunEvent.RunSubmitted _,
                    RunEvent.RunStarted _,
                    RunEvent.RunWaiting _,
                    RunEvent.RunResumed _,
                    RunEvent.RunHeld _,
                    RunEvent.RunReleased _,
                    RunEvent.RunCompleted _,
                    RunEvent.RunFailed _,
                    RunEvent.RunCancelled _ ->
                    false;
            case RunEvent.SignalReceived signal ->
                    signal.type() == SignalType.STEER || signal.type() == SignalType.SIGNAL;
            case EffectEvent effect -> !open.contains(effect.effectId());
            case RunEvent.StepEvent _,
                    RunEvent.VerificationCompleted _,
                    RunEvent.CheckpointSaved _,
                    RunEvent.BudgetRaised _,
                    RunEvent.TimerSet _,
                    RunEvent.TimerFired _ ->
                    true;
        };
    }

    /// What a branch leaves behind what it took over.
    public static RunEvent.CheckpointSaved mark(BranchPoint from) {
        return new RunEvent.CheckpointSaved(MARK + from.runId() + " at " + from.seq());
    }

    /// Whether a branch has taken over everything with this event.
    public static boolean isMark(RunEvent event) {
        return event instanceof RunEvent.CheckpointSaved(String label) && label.startsWith(MARK);
    }

    /// Whether the plan of a branch has decided, and no rule of a policy.
    public static boolean isRule(Optional<String> ruleId) {
        return ruleId.filter(rule -> rule.startsWith(RULE)).isPresent();
    }

    /// Effects that have no end yet.
    private static Set<EffectId> open(Progress progress) {
        Set<EffectId> open =
                progress.calls().stream()
                        .filter(call -> !call.settled())
                        .map(ToolCall::effectId)
                        .collect(Collectors.toCollection(HashSet::new));
        progress.turn()
                .filter(turn -> !(turn.model() instanceof ModelCall.Answered))
                .ifPresent(turn -> open.add(turn.modelCall()));
        return open;
    }

    /// The calls that went out, or may have, and whose end is not in what a branch takes over.
    ///
    /// @param journal the origin's, whole
    public static List<RecordedEffect> effects(
            List<Placed> journal,
            long checkpoint,
            Function<String, Optional<ToolDefinition>> tools) {
        Set<EffectId> settledBefore =
                inherited(journal, checkpoint).stream()
                        .filter(EffectEvent.class::isInstance)
                        .map(event -> ((EffectEvent) event).effectId())
                        .collect(Collectors.toUnmodifiableSet());
        Map<EffectId, Sent> sent = new LinkedHashMap<>();
        for (Placed placed : journal) {
            follow(placed, sent);
        }
        return sent.values().stream()
                .filter(call -> call.out)
                .filter(call -> !settledBefore.contains(call.effectId))
                .map(call -> call.recorded(tools))
                .toList();
    }

    /// One call on its way through the journal.
    private static final class Sent {
        private final EffectId effectId;
        private final long seq;
        private final String tool;
        private final Digest arguments;
        private boolean out;
        private Outcome outcome = Outcome.OPEN;
        private Optional<Digest> result = Optional.empty();
        private Optional<RunId> child = Optional.empty();

        Sent(EffectId effectId, long seq, String tool, Digest arguments) {
            this.effectId = effectId;
            this.seq = seq;
            this.tool = tool;
            this.arguments = arguments;
        }

        RecordedEffect recorded(Function<String, Optional<ToolDefinition>> tools) {
            SideEffect sideEffect =
                    tools.apply(tool)
                            .map(ToolDefinition::sideEffect)
                            .orElse(SideEffect.SYSTEM_WRITE);
            Hazard hazard = hazard(sideEffect);
            return new RecordedEffect(
                    effectId,
                    seq,
                    tool,
                    arguments,
                    sideEffect,
                    outcome,
                    result,
                    child,
                    hazard,
                    choices(hazard));
        }

        private Hazard hazard(SideEffect sideEffect) {
            if (child.isPresent()) {
                return Hazard.CHILD_RUN;
            }
            if (!sideEffect.writes()) {
                return Hazard.NONE;
            }
            return switch (outcome) {
                case COMPLETED -> Hazard.HAPPENED;
                case FAILED -> Hazard.NONE;
                case UNKNOWN, OPEN -> Hazard.OUTCOME_UNKNOWN;
            };
        }

        private List<EffectChoice> choices(Hazard hazard) {
            if (child.isPresent()) {
                return List.of(EffectChoice.RERUN);
            }
            if (outcome == Outcome.COMPLETED) {
                return List.of(
                        EffectChoice.REUSE,
                        EffectChoice.SIMULATE,
                        EffectChoice.RERUN,
                        EffectChoice.ASK);
            }
            return hazard == Hazard.NONE
                    ? List.of(EffectChoice.RERUN, EffectChoice.SIMULATE, EffectChoice.ASK)
                    : List.of(EffectChoice.ASK, EffectChoice.SIMULATE, EffectChoice.RERUN);
        }
    }

    private static void follow(Placed placed, Map<EffectId, Sent> sent) {
        switch (placed.event()) {
            case RunEvent.ToolProposed proposed ->
                    sent.put(
                            proposed.effectId(),
                            new Sent(
                                    proposed.effectId(),
                                    placed.seq(),
                                    proposed.tool(),
                                    proposed.arguments()));
            case RunEvent.ToolStarted(EffectId id, int _) -> known(sent, id).out = true;
            case RunEvent.ToolCompleted(EffectId id, int _, Digest result) ->
                    completed(known(sent, id), result);
            case RunEvent.EffectReconciled reconciled -> {
                Sent call = known(sent, reconciled.effectId());
                call.outcome = Outcome.FAILED;
                reconciled.result().ifPresent(result -> completed(call, result));
            }
            case RunEvent.ToolFailed failed -> {
                Sent call = known(sent, failed.effectId());
                call.outcome =
                        switch (failed.kind()) {
                            case UNKNOWN -> Outcome.UNKNOWN;
                            case PERMANENT -> Outcome.FAILED;
                            case RETRYABLE ->
                                    failed.retryAt().isPresent() ? Outcome.OPEN : Outcome.FAILED;
                        };
            }
            case RunEvent.ChildStarted started -> {
                Sent call =
                        sent.computeIfAbsent(
                                started.effectId(),
                                id ->
                                        new Sent(
                                                id,
                                                placed.seq(),
                                                started.definition().name(),
                                                started.input()));
                call.out = true;
                call.child = Optional.of(started.childId());
            }
            case RunEvent.ChildSettled settled -> {
                Sent call = known(sent, settled.effectId());
                call.outcome = settled.output().isPresent() ? Outcome.COMPLETED : Outcome.FAILED;
                call.result = settled.output();
            }
            default -> {
                // says nothing about what went out
            }
        }
    }

    private static Sent known(Map<EffectId, Sent> sent, EffectId id) {
        return Optional.ofNullable(sent.get(id))
                .orElseThrow(() -> new IllegalHistoryException(id + " was never proposed"));
    }

    private static void completed(Sent call, Digest result) {
        call.outcome = Outcome.COMPLETED;
        call.result = Optional.of(result);
        call.out = true;
    }

    /// What a branch of that submission, with that inheritance, has come to.
    ///
    /// @throws dev.signalbox.domain.run.IllegalHistoryException if nothing can go on from there
    public static RunState state(Placed submitted, List<RunEvent> inherited) {
        List<Placed> history = new ArrayList<>();
        history.add(submitted);
        history.add(new Placed(2, submitted.at(), new RunEvent.RunStarted("branch")));
        for (RunEvent event : inherited) {
            history.add(new Placed(history.size() + 1L, submitted.at(), event));
        }
        return RunFold.fold(history);
    }
}
