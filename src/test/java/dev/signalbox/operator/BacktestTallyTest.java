package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.operator.view.BacktestReport;
import dev.signalbox.operator.view.BacktestReport.Flip;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BacktestTallyTest {

    private static final PolicyDefinition POLICY =
            new PolicyDefinition(
                    "support", Verdict.DENY, List.of(), List.of(), List.of(), Digest.of("support"));

    private static Flip flip(Verdict from, Verdict to) {
        return new Flip(
                RunId.of("01890000-0000-7000-8000-000000000000"),
                7,
                Instant.EPOCH,
                "desk 1.0.0",
                "payments.refund",
                Optional.empty(),
                from,
                to,
                Optional.empty(),
                Optional.empty(),
                "because");
    }

    @Test
    void the_time_added_is_the_median_wait_for_each_approval_more() {
        BacktestTally tally = new BacktestTally();
        tally.add(
                new BacktestTally.OfRun(
                        4,
                        List.of(
                                flip(Verdict.ALLOW, Verdict.REQUIRE_APPROVAL),
                                flip(Verdict.DENY, Verdict.REQUIRE_APPROVAL),
                                flip(Verdict.ALLOW, Verdict.REQUIRE_APPROVAL),
                                flip(Verdict.REQUIRE_APPROVAL, Verdict.ALLOW)),
                        List.of(Duration.ofHours(5), Duration.ofMinutes(1), Duration.ofMinutes(9)),
                        1,
                        2));

        BacktestReport report = tally.report(POLICY, "support", false);

        assertThat(report.decisions()).isEqualTo(8);
        assertThat(report.waiting().more()).isEqualTo(3);
        assertThat(report.waiting().fewer()).isEqualTo(1);
        assertThat(report.waiting().medianWait()).contains(Duration.ofMinutes(9));
        assertThat(report.waiting().added()).contains(Duration.ofMinutes(18));
        assertThat(report.unjudged().erased()).isEqualTo(1);
        assertThat(report.unjudged().unknownTool()).isEqualTo(2);
    }

    @Test
    void of_many_flips_some_are_told_and_all_are_counted() {
        BacktestTally tally = new BacktestTally();
        tally.add(
                new BacktestTally.OfRun(
                        0,
                        Collections.nCopies(50, flip(Verdict.ALLOW, Verdict.DENY)),
                        List.of(),
                        0,
                        0));

        BacktestReport report = tally.report(POLICY, "support", true);

        assertThat(report.flips()).isEqualTo(50);
        assertThat(report.examples()).hasSize(BacktestTally.MOST_EXAMPLES);
        assertThat(report.changes())
                .containsExactly(new BacktestReport.Change(Verdict.ALLOW, Verdict.DENY, 50));
        assertThat(report.atLeast()).isTrue();
    }
}
