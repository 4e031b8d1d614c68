package dev.signalbox.domain.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.evidence.Deed.Aspect;
import dev.signalbox.domain.evidence.TraceDiff.AlignedBy;
import dev.signalbox.domain.evidence.TraceDiff.Cause;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.ApprovalOutcome;
import dev.signalbox.support.Journals;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Where two runs differ, and why.
class TraceDiffTest {

    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final String INPUT = "{\"orderId\":\"A-120\"}";
    private static final String REFUND = "{\"orderId\":\"A-120\",\"amount\":20}";

    private static Journals begun(int second) {
        return Journals.of("refund-agent", INPUT, AT.plusSeconds(second)).started();
    }

    private static Journals lookedUp(Journals run, String result) {
        return run.proposes("orders.lookup", INPUT)
                .policy(Verdict.ALLOW, "reads", "the policy's allow list has 'orders.*'")
                .sent()
                .result(result);
    }

    private static Journals refunded(Journals run, String arguments) {
        return run.proposes("payments.refund", arguments)
                .policy(Verdict.ALLOW, "small", "rule 'small' holds")
                .sent()
                .result("{\"paid\":true}");
    }

    private static Journals whole(int second) {
        return refunded(lookedUp(begun(second), "{\"total\":200}"), REFUND)
                .says("done")
                .completed("{\"refunded\":20}");
    }

    private static TraceDiff diff(Journals left, Journals right) {
        return TraceDiff.of(left.recorded(), right.recorded());
    }

    @Test
    void twoRunsThatDidTheSameHaveNoDifference() {
        TraceDiff diff = diff(whole(0), whole(600));

        assertThat(diff.first()).isEmpty();
        assertThat(diff.byAspect()).isEmpty();
        assertThat(diff.cause()).isEqualTo(Cause.NONE);
        assertThat(diff.alignedBy()).isEqualTo(AlignedBy.CONTENT);
        assertThat(diff.rows()).allMatch(row -> row.left().isPresent() && row.right().isPresent());
    }

    @Test
    void aModelThatAnsweredDifferentlyIsToldFromAChangedDefinition() {
        Journals left = whole(0);
        Journals right =
                refunded(
                        lookedUp(begun(9), "{\"total\":200}"),
                        "{\"orderId\":\"A-120\",\"amount\":25}");
        Journals otherDefinition =
                refunded(
                        lookedUp(
                                Journals.of("careful-agent", INPUT, AT).started(),
                                "{\"total\":200}"),
                        "{\"orderId\":\"A-120\",\"amount\":25}");

        TraceDiff sameDefinition = diff(left, right);
        TraceDiff changed = diff(left, otherDefinition);

        assertThat(sameDefinition.cause()).isEqualTo(Cause.MODEL);
        assertThat(changed.cause()).isEqualTo(Cause.DEFINITION);
        assertThat(sameDefinition.first().orElseThrow().aspect()).isEqualTo(Aspect.MODEL_OUTPUT);
        assertThat(sameDefinition.first().orElseThrow().left().orElseThrow().evidence().seq())
                .isEqualTo(10);
    }

    @Test
    void otherInputIsNamedBeforeAllThatFollowsFromIt() {
        Journals right =
                lookedUp(
                        Journals.of("refund-agent", "{\"orderId\":\"B-1\"}", AT).started(),
                        "{\"total\":1}");

        assertThat(diff(whole(0), right).cause()).isEqualTo(Cause.INPUT);
    }

    @Test
    void aToolThatAnsweredDifferentlyIsTheOutside() {
        Journals right = refunded(lookedUp(begun(3), "{\"total\":7}"), REFUND);

        TraceDiff diff = diff(whole(0), right);

        assertThat(diff.cause()).isEqualTo(Cause.OUTSIDE);
        assertThat(diff.first().orElseThrow().of()).isEqualTo("orders.lookup");
        assertThat(diff.first().orElseThrow().aspect()).isEqualTo(Aspect.EFFECT);
    }

    @Test
    void peopleWhoDecidedDifferentlyAreNamed() {
        Journals left = decided(0, ApprovalOutcome.APPROVED);
        Journals right = decided(5, ApprovalOutcome.REJECTED);

        TraceDiff diff = diff(left, right);

        assertThat(diff.cause()).isEqualTo(Cause.PEOPLE);
        assertThat(diff.byAspect().get(Aspect.APPROVAL).left().orElseThrow().words())
                .isEqualTo("approved by alice: seen");
    }

    private static Journals decided(int second, ApprovalOutcome outcome) {
        Journals run =
                begun(second)
                        .proposes("payments.refund", REFUND)
                        .policy(Verdict.REQUIRE_APPROVAL, "big", "rule 'big' holds")
                        .asks("payments.refund", REFUND);
        return run.add(new RunEvent.RunResumed("worker-1", "decided"))
                .add(
                        new RunEvent.ApprovalResolved(
                                run.call(),
                                run.approval().id(),
                                outcome,
                                List.of("alice"),
                                "seen",
                                Optional.empty()));
    }

    @Test
    void anotherDecisionOfThePolicyIsADecision() {
        Journals left =
                begun(0).proposes("payments.refund", REFUND).policy(Verdict.ALLOW, "a", "a");
        Journals right =
                begun(1).proposes("payments.refund", REFUND).policy(Verdict.DENY, "b", "b");

        TraceDiff diff = diff(left, right);

        assertThat(diff.first().orElseThrow().aspect()).isEqualTo(Aspect.DECISION);
        assertThat(diff.byAspect()).containsOnlyKeys(Aspect.DECISION);
    }

    @Test
    void whatOnlyOneRunDidStandsAloneAndTheRestIsStillPaired() {
        Journals right =
                refunded(
                        lookedUp(lookedUp(begun(2), "{\"total\":200}"), "{\"total\":200}"), REFUND);

        TraceDiff diff = diff(whole(0), right);

        assertThat(diff.rows())
                .filteredOn(row -> row.left().isEmpty())
                .extracting(row -> row.right().orElseThrow().kind())
                .containsExactly(Deed.Kind.MODEL_TURN, Deed.Kind.CALL);
        assertThat(diff.rows())
                .anyMatch(
                        row ->
                                row.left()
                                                .filter(
                                                        deed ->
                                                                deed.name()
                                                                        .equals("payments.refund"))
                                                .isPresent()
                                        && row.right().isPresent());
    }

    @Test
    void costAloneDoesNotMakeThemPart() {
        Journals left = begun(0).says("done");
        Journals right = begun(1).says("done", "0.9");

        TraceDiff diff = diff(left, right);

        assertThat(diff.first()).isEmpty();
        assertThat(diff.byAspect()).containsOnlyKeys(Aspect.COST);
    }

    @Test
    void aBranchIsComparedFromWhereItLeft() {
        Journals left = whole(0);
        Journals copied =
                refunded(lookedUp(begun(9).branchOf(left, 7), "{\"total\":200}"), "{\"amount\":1}");
        Journals fresh = refunded(begun(9).branchOf(left, 7), "{\"amount\":1}");

        TraceDiff ofCopied = diff(left, copied);
        TraceDiff ofFresh = diff(fresh, left);

        assertThat(ofCopied.alignedBy()).isEqualTo(AlignedBy.LINEAGE);
        assertThat(ofCopied.rows()).filteredOn(TraceDiff.Row::beforeBranch).hasSize(2);
        assertThat(ofCopied.first().orElseThrow().left().orElseThrow().evidence().seq())
                .isEqualTo(10);
        assertThat(ofFresh.rows())
                .filteredOn(TraceDiff.Row::beforeBranch)
                .allMatch(row -> row.left().isEmpty() && row.differs().isEmpty());
        assertThat(ofFresh.first().orElseThrow().aspect()).isEqualTo(Aspect.MODEL_OUTPUT);
    }
}
