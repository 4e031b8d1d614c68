package dev.signalbox.domain.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunState.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The fold is the one meaning of a journal: total over legal histories, closed to all others.
class RunFoldTest {

    @Property(tries = 400)
    void everyLegalHistoryFoldsAndFoldingTwiceGivesTheSame(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 80) int length) {
        List<Placed> history = Histories.legal(seed, length);

        RunState state = RunFold.fold(history);

        assertThat(RunFold.fold(history)).isEqualTo(state);
        assertThat(state.progress().identity()).isEqualTo(Histories.identity());
    }

    @Property(tries = 400)
    void foldingInTwoPartsIsFoldingAtOnce(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int length) {
        List<Placed> history = Histories.legal(seed, length);
        int middle = history.size() / 2;
        RunState state = RunFold.fold(history.subList(0, Math.max(middle, 1)));

        for (Placed placed : history.subList(Math.max(middle, 1), history.size())) {
            state = RunFold.evolve(state, placed);
        }

        assertThat(state).isEqualTo(RunFold.fold(history));
    }

    @Property(tries = 400)
    void nothingFollowsASettledRun(@ForAll long seed) {
        List<Placed> history = new ArrayList<>(Histories.legal(seed, 20));
        RunState state = RunFold.fold(history);
        if (!(state instanceof Settled)) {
            state =
                    RunFold.evolve(
                            state,
                            new Placed(21, Histories.START, new RunEvent.RunCancelled("a", "b")));
        }
        RunState settled = state;
        Placed more =
                new Placed(
                        22, Histories.START, Histories.any(new Random(seed), settled.progress()));

        assertThatThrownBy(() -> RunFold.evolve(settled, more))
                .isInstanceOf(IllegalHistoryException.class);
    }

    @Property(tries = 200)
    void aCallThatWasDeniedOrRejectedNeverStarts(@ForAll long seed) {
        List<Placed> history = Histories.legal(seed, 80);

        List<String> refused = new ArrayList<>();
        List<String> startedAfterRefusal = new ArrayList<>();
        for (Placed placed : history) {
            switch (placed.event()) {
                case RunEvent.PolicyDecided decided when decided.verdict() == Verdict.DENY ->
                        refused.add(decided.effectId().value());
                case RunEvent.ApprovalResolved resolved
                        when resolved.outcome() != RunEvent.ApprovalOutcome.APPROVED ->
                        refused.add(resolved.effectId().value());
                case RunEvent.ToolStarted started
                        when refused.contains(started.effectId().value()) ->
                        startedAfterRefusal.add(started.effectId().value());
                default -> {}
            }
        }

        assertThat(startedAfterRefusal).isEmpty();
    }

    @Test
    void aHistoryThatDoesNotBeginWithASubmissionIsRefused() {
        Placed first = new Placed(1, Histories.START, new RunEvent.RunStarted("worker"));

        assertThatThrownBy(() -> RunFold.fold(List.of(first)))
                .isInstanceOf(IllegalHistoryException.class);
    }

    @Test
    void anEmptyHistoryIsRefused() {
        assertThatThrownBy(() -> RunFold.fold(List.of()))
                .isInstanceOf(IllegalHistoryException.class);
    }
}
