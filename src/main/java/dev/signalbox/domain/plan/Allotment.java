package dev.signalbox.domain.plan;

import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Budget.Kind;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Ledger;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.Shortage;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Hands out what a run has left of its budget to what it wants to do next, for the time of one
/// plan.
///
/// Guarantee: what is handed out, what is reserved for children under way and what was used never
/// come to more than the run's bounds, so nor do all runs of a tree together. Counts keep to that to
/// the call. Tokens and money are known only when an answer is in: a call under way may go over by
/// what it takes itself, and is the last.
public final class Allotment {

    /// What a step or a call that wanted more runs fails with.
    public static final String TREE_LIMIT = "tree_limit_reached";

    /// Most runs below one, where no setting has said how many.
    static final long RUNS = 100_000;

    private static final Set<Kind> MODEL_CALL =
            EnumSet.of(Kind.MODEL_CALLS, Kind.TOKENS, Kind.COST_USD, Kind.WALL_CLOCK);
    private static final Set<Kind> TOOL_CALL = EnumSet.of(Kind.TOOL_CALLS, Kind.WALL_CLOCK);

    /// What a child needs some of to begin.
    private static final Set<Kind> AGENT = MODEL_CALL;

    private static final Set<Kind> WORKFLOW = EnumSet.of(Kind.WALL_CLOCK);

    /// Kinds of which one child has what another has not.
    private static final List<Kind> DIVIDED =
            List.of(Kind.MODEL_CALLS, Kind.TOOL_CALLS, Kind.TOKENS, Kind.COST_USD, Kind.RUNS);

    private final Budget total;
    private final Budget used;
    private Budget left;
    private Budget setAside;
    private Optional<Kind> lacking = Optional.empty();

    private Allotment(Budget total, Budget used, Budget setAside) {
        this.total = total;
        this.used = used;
        this.left = total.less(used);
        this.setAside = setAside;
    }

    /// What becomes of a wish for a child run.
    public sealed interface Grant {
        /// It begins, with these bounds.
        record Begin(Budget budget) implements Grant {}

        /// It never will.
        record Refuse(RunError error) implements Grant {}

        /// Not now.
        record Later() implements Grant {}
    }

    public static Allotment of(PinnedDefinition definition, Progress progress, Instant now) {
        Ledger ledger = progress.ledger();
        Budget total = ledger.total(definition.limits().budget());
        return new Allotment(
                total.runs().isPresent() ? total : total.min(Budget.runs(RUNS)),
                used(progress, now),
                ledger.setAside(now));
    }

    /// For what no bound holds up.
    public static Allotment unbounded() {
        return new Allotment(Budget.NONE, Budget.NONE, Budget.NONE);
    }

    /// What a run and all below it have used up, and what is reserved for those under way.
    public static Budget used(Progress progress, Instant now) {
        Ledger ledger = progress.ledger();
        return Budget.of(progress.usage(), progress.worked(now))
                .and(ledger.spent())
                .and(ledger.setAside(now));
    }

    /// Whether another model call fits; takes it, if so.
    public boolean modelCall() {
        return take(MODEL_CALL, Budget.modelCall());
    }

    /// Whether another tool call fits; takes it, if so.
    public boolean toolCall() {
        return take(TOOL_CALL, Budget.toolCall());
    }

    /// Whether another child run fits, and what it gets: as much as its own definition lets it use,
    /// or what is left. While other children have some of what it could get besides, it does not
    /// begin: they may give some back.
    ///
    /// @param called whether it is a tool call of the run as well
    public Grant child(Child child, boolean called) {
        if (left.isOut(Kind.RUNS)) {
            return setAside.has(Kind.RUNS) ? new Grant.Later() : new Grant.Refuse(treeLimit());
        }
        Set<Kind> needs =
                EnumSet.copyOf(
                        child.ref().kind() == DefinitionRef.Kind.AGENT ? AGENT : WORKFLOW);
        if (called) {
            needs.addAll(TOOL_CALL);
        }
        if (!there(needs)) {
            return new Grant.Later();
        }
        Budget after = left.less(Budget.runs(1)).less(called ? Budget.toolCall() : Budget.NONE);
        Budget wanted = child.limits();
        for (Kind kind : DIVIDED) {
            if (!wanted.fits(kind, after) && setAside.has(kind)) {
                return new Grant.Later();
            }
        }
        Budget granted = wanted.min(after);
        setAside = setAside.and(granted);
        left = after.less(granted.withWallClock(Optional.empty()));
        return new Grant.Begin(granted);
    }

    /// How the run rests, if something that it wants to do needs more than there is and no child
    /// can give any back.
    public Optional<Action> hold() {
        return lacking.map(
                kind ->
                        new Action.HoldRun(
                                new Hold(
                                        Hold.Reason.BUDGET,
                                        used.words(kind)
                                                + " are used up, of "
                                                + total.words(kind)
                                                + " that the run and all below it may use. Raising"
                                                + " its budget lets it go on with its next call;"
                                                + " nothing is lost.",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(new Shortage(kind, total, used)))));
    }

    private boolean take(Set<Kind> needs, Budget amount) {
        if (!there(needs)) {
            return false;
        }
        left = left.less(amount);
        return true;
    }

    private boolean there(Set<Kind> needs) {
        List<Kind> out = needs.stream().filter(left::isOut).toList();
        if (!out.isEmpty() && out.stream().noneMatch(setAside::has)) {
            lacking = Optional.of(out.getFirst());
        }
        return out.isEmpty();
    }

    private static RunError treeLimit() {
        return new RunError(
                TREE_LIMIT,
                "There can be no more runs below this one: the tree is as large or as deep as it"
                        + " may be (signalbox.runs.max-tree, signalbox.runs.max-depth).");
    }
}
