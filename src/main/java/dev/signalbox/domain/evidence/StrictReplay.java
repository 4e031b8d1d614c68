package dev.signalbox.domain.evidence;

import dev.signalbox.domain.branch.Branching;
import dev.signalbox.domain.evidence.RecordedRun.Recorded;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.IllegalHistoryException;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ToolProposed;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.StepNames;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Folds a journal and plans again at every entry that stands for a decision: would this planner,
/// with this definition, have decided the same?
///
/// Guarantee: pure; performs nothing. What the world, a model or a person did is taken from the
/// journal; what follows from it is planned; what a branch took over was its origin's to decide.
/// Consequence: a changed prompt or model is no divergence
/// here, a changed step, limit, tool or policy is.
public final class StrictReplay {

    /// @param decisions entries that the planner or the policy decided
    /// @param matched those that would be decided the same again
    /// @param unchecked policy decisions whose values have been erased, or that the plan of a branch
    ///     has made; not among the others
    public record Report(
            int decisions, int matched, int unchecked, Optional<Divergence> firstDivergence) {}

    /// Where what was recorded is not what would be decided.
    ///
    /// @param planned what would be done there instead
    public record Divergence(
            Evidence evidence, Instant at, String type, String recorded, List<String> planned) {
        public Divergence {
            planned = List.copyOf(planned);
        }
    }

    private final RecordedRun run;
    private final PinnedDefinition definition;
    private final Function<ToolProposed, Optional<Verdict>> policy;
    private final Map<EffectId, ToolProposed> proposals = new HashMap<>();
    private final Set<EffectId> inFlight = new HashSet<>();
    private List<Action> pending = List.of();
    private @Nullable Action last;

    /// The step that people have just decided on: it ends with their decision.
    private @Nullable String decidedByPeople;

    private int decisions;
    private int matched;
    private int unchecked;
    private Optional<Divergence> first = Optional.empty();

    private StrictReplay(
            RecordedRun run,
            PinnedDefinition definition,
            Function<ToolProposed, Optional<Verdict>> policy) {
        this.run = run;
        this.definition = definition;
        this.policy = policy;
    }

    /// @param policy what the policy says of a proposed call; empty if it cannot be asked again
    public static Report of(
            RecordedRun run,
            PinnedDefinition definition,
            Function<ToolProposed, Optional<Verdict>> policy) {
        StrictReplay replay = new StrictReplay(run, definition, policy);
        replay.everything();
        return new Report(replay.decisions, replay.matched, replay.unchecked, replay.first);
    }

    private void everything() {
        RunState state = null;
        boolean inheriting =
                run.summary()
                        .identity()
                        .lineage()
                        .branchedFrom()
                        .flatMap(BranchPoint::plan)
                        .isPresent();
        Instant before = run.summary().identity().createdAt();
        for (Recorded entry : run.journal()) {
            Placed placed = entry.placed();
            if (state instanceof Running running && !inheriting) {
                judge(entry, running, before);
            }
            inheriting &= !Branching.isMark(placed.event());
            try {
                state = state == null ? RunFold.begin(placed) : RunFold.evolve(state, placed);
            } catch (IllegalHistoryException illegal) {
                diverged(entry, List.of("an end: " + illegal.getMessage()));
                return;
            }
            before = placed.at();
        }
    }

    private void judge(Recorded entry, Running running, Instant before) {
        RunEvent event = entry.placed().event();
        if (event instanceof RunEvent.PolicyDecided decided) {
            decided(entry, decided);
        } else if (Decisions.isDecision(event) && !sameBreath(event)) {
            planned(entry, event, plans(running, entry, before));
        } else if (Decisions.isLostCall(event)) {
            pending = definition.plan(running, Set.copyOf(inFlight), before);
        }
        follow(event);
    }

    /// What might be done now: by the clock of the entry or of the one before, with the effects
    /// that are out or, if their worker was lost, without.
    private List<List<Action>> plans(Running running, Recorded entry, Instant before) {
        List<List<Action>> plans = new ArrayList<>();
        for (Set<EffectId> out : List.of(Set.copyOf(inFlight), Set.<EffectId>of())) {
            for (Instant now : List.of(Decisions.decidedAt(entry.placed()), before)) {
                plans.add(definition.plan(running, out, now));
            }
        }
        plans.add(pending);
        return plans;
    }

    private void planned(Recorded entry, RunEvent event, List<List<Action>> plans) {
        decisions++;
        for (List<Action> plan : plans) {
            for (Action action : plan) {
                if (Decisions.fits(action, event)) {
                    matched++;
                    last = action;
                    pending = plan.stream().filter(other -> !other.equals(action)).toList();
                    return;
                }
            }
        }
        last = null;
        diverged(entry, plans.getFirst().stream().map(Decisions::words).toList());
    }

    private void decided(Recorded entry, RunEvent.PolicyDecided decided) {
        ToolProposed proposal = proposals.get(decided.effectId());
        Optional<Verdict> verdict =
                Branching.isRule(decided.ruleId())
                        ? Optional.empty()
                        : Optional.ofNullable(proposal).flatMap(policy);
        if (verdict.isEmpty()) {
            unchecked++;
            return;
        }
        decisions++;
        if (verdict.get() == decided.verdict()) {
            matched++;
        } else {
            diverged(
                    entry,
                    List.of(
                            "the policy would say "
                                    + verdict.get().name().toLowerCase(Locale.ROOT)));
        }
    }

    /// Whether the event came with the one before, out of the same action.
    private boolean sameBreath(RunEvent event) {
        return switch (event) {
            case RunEvent.StepCompleted done ->
                    done.step().equals(decidedByPeople)
                            || (last instanceof Action.StepMove move
                                    && move.step().equals(done.step()));
            case RunEvent.RunFailed _ ->
                    last instanceof Action.Verify || last instanceof Action.Conclude;
            default -> false;
        };
    }

    private void follow(RunEvent event) {
        switch (event) {
            case ToolProposed proposed -> proposals.put(proposed.effectId(), proposed);
            case RunEvent.ModelRequested sent -> inFlight.add(sent.effectId());
            case RunEvent.ToolStarted sent -> inFlight.add(sent.effectId());
            case RunEvent.ModelCompleted _,
                    RunEvent.ModelFailed _,
                    RunEvent.ToolCompleted _,
                    RunEvent.ToolFailed _ -> {
                inFlight.remove(((RunEvent.EffectEvent) event).effectId());
                if (!Decisions.isLostCall(event)) {
                    pending = List.of();
                }
            }
            case RunEvent.RunWaiting _, RunEvent.RunHeld _ -> {
                inFlight.clear();
                pending = List.of();
            }
            default -> {}
        }
        if (event instanceof RunEvent.ApprovalResolved resolved) {
            decidedByPeople =
                    Optional.ofNullable(proposals.get(resolved.effectId()))
                            .filter(call -> StepNames.decided(call.tool()).isPresent())
                            .map(ToolProposed::callId)
                            .orElse(null);
        } else if (event instanceof RunEvent.StepCompleted) {
            decidedByPeople = null;
        }
        if (!(event instanceof RunEvent.StepStarted
                || event instanceof RunEvent.TimerSet
                || event instanceof RunEvent.TimerFired
                || event instanceof RunEvent.SignalDelivered
                || event instanceof RunEvent.VerificationCompleted)) {
            last = null;
        }
    }

    private void diverged(Recorded entry, List<String> planned) {
        if (first.isEmpty()) {
            Placed placed = entry.placed();
            first =
                    Optional.of(
                            new Divergence(
                                    run.evidence(entry),
                                    placed.at(),
                                    Decisions.type(placed.event()),
                                    Decisions.words(placed.event()),
                                    planned));
        }
    }
}
