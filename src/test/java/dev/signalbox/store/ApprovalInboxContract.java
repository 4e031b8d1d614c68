package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.approval.Approval.Status;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.ApprovalInbox.Ballot;
import dev.signalbox.store.RunChange.Next;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What [ApprovalInbox] promises, and [RunStore#append] about the approvals of a change.
public abstract class ApprovalInboxContract extends StoreContract {

    private static final JsonObject EDITED = new JsonObject(Map.of("amount", Json.number(100)));

    private ApprovalInbox approvals() {
        return backend().approvals();
    }

    /// A run that waits for one approval, at rest, or still worked on.
    private record Asking(TestRun run, Lease lease, Approval approval) {}

    private Asking asking(Approval approval, TestRun run, Next next) {
        Lease lease = claimed(run);
        append(
                run,
                lease,
                run.change(
                        next, Map.of(), List.of(approval), Map.of(), Set.of(), TestRun.started()));
        return new Asking(run, lease, approval);
    }

    private Approval opened(int quorum, boolean fourEyes, Optional<Instant> expiresAt) {
        TestRun run = submitted();
        return asking(run.approval(quorum, fourEyes, expiresAt), run, rest()).approval();
    }

    private Approval opened() {
        return opened(1, false, Optional.empty());
    }

    @Test
    void whatIsOpenedWaits() {
        Approval approval = opened(2, true, Optional.of(Instant.parse("2040-01-01T00:00:00.5Z")));

        Optional<Approval> found = get(approvals().find(approval.id()));

        assertThat(found).contains(approval);
        assertThat(get(backend().inbox().read(approval.runId())).approvals())
                .containsExactly(approval);
    }

    @Test
    void theLongestWaitingComesFirstPageByPage() {
        List<ApprovalId> made = new ArrayList<>();
        for (int number = 0; number < 5; number++) {
            made.add(opened().id());
        }

        Page<Approval> first = list(Optional.empty(), Optional.empty(), PageRequest.first(2));
        Page<Approval> second =
                list(Optional.empty(), Optional.empty(), new PageRequest(2, first.next()));
        Page<Approval> third =
                list(Optional.empty(), Optional.empty(), new PageRequest(2, second.next()));

        assertThat(
                        List.of(first, second, third).stream()
                                .flatMap(page -> page.items().stream())
                                .map(Approval::id))
                .isEqualTo(made);
        assertThat(third.next()).isEmpty();
    }

    @Test
    void eachFilterFindsItsApprovals() {
        Approval approved = opened();
        Approval pending = opened();
        get(approvals().decide(ballot(approved, lead("bob"), Choice.APPROVE)));

        assertThat(ids(Optional.of(Status.PENDING), Optional.empty()))
                .containsExactly(pending.id());
        assertThat(ids(Optional.of(Status.APPROVED), Optional.empty()))
                .containsExactly(approved.id());
        assertThat(ids(Optional.empty(), Optional.of(pending.runId())))
                .containsExactly(pending.id());
        assertThat(
                        get(approvals()
                                        .list(
                                                new ApprovalFilter(
                                                        tenant + "-2",
                                                        Optional.empty(),
                                                        Optional.empty()),
                                                PageRequest.first(5)))
                                .items())
                .isEmpty();
    }

    @Test
    void aDecisionItsAuditRecordAndTheWakeUpAreOne() {
        Approval approval = opened();
        Ballot ballot = ballot(approval, lead("bob"), Choice.APPROVE);

        Approval decided = get(approvals().decide(ballot));

        assertThat(decided.status()).isEqualTo(Status.APPROVED);
        assertThat(decided.decisions())
                .singleElement()
                .satisfies(
                        decision -> {
                            assertThat(decision.by()).isEqualTo("bob");
                            assertThat(decision.reason()).isEqualTo("fine by me");
                        });
        assertThat(get(approvals().find(approval.id()))).contains(decided);
        assertThat(get(backend().inbox().read(approval.runId())).approvals())
                .containsExactly(decided);
        assertThat(audited()).containsExactly(ballot.audit());
        assertThat(isClaimable(approval.runId())).isTrue();
    }

    @Test
    void aQuorumNeedsDifferentPeople() {
        Approval approval = opened(2, false, Optional.empty());

        Approval once = get(approvals().decide(ballot(approval, lead("bob"), Choice.APPROVE)));
        boolean wokenEarly = isClaimable(approval.runId());
        assertRefused(
                ProblemCode.ALREADY_SETTLED,
                () -> get(approvals().decide(ballot(approval, lead("bob"), Choice.APPROVE))));
        Approval twice = get(approvals().decide(ballot(approval, lead("carol"), Choice.APPROVE)));

        assertThat(once.status()).isEqualTo(Status.PENDING);
        assertThat(wokenEarly).isFalse();
        assertThat(twice.status()).isEqualTo(Status.APPROVED);
        assertThat(twice.decisions())
                .extracting(Approval.Decision::by)
                .containsExactly("bob", "carol");
        assertThat(get(approvals().find(approval.id()))).contains(twice);
        assertThat(isClaimable(approval.runId())).isTrue();
    }

    @Test
    void anEditKeepsTheArgumentsThatThePersonWants() {
        Approval approval = opened();

        Approval decided = get(approvals().decide(edit(approval, Optional.of(EDITED))));

        assertThat(decided.status()).isEqualTo(Status.EDITED);
        assertThat(decided.decisions().getFirst().editedArguments()).contains(EDITED.digest());
        assertThat(get(backend().runs().payloads(approval.runId(), Set.of(EDITED.digest()))))
                .containsEntry(EDITED.digest(), EDITED);
        assertThat(get(approvals().find(approval.id()))).contains(decided);
    }

    @Test
    void aRefusedDecisionLeavesNothing() {
        Approval approval = opened(1, true, Optional.empty());
        Actor stranger = new Actor("bob", Actor.Plane.OPERATOR, tenant + "-2", Set.of("lead"));
        Ballot otherCall =
                new Ballot(
                        approval.id(),
                        lead("bob"),
                        Digest.of("another call"),
                        Choice.APPROVE,
                        "r",
                        Optional.empty(),
                        audit(lead("bob"), "approval.approve", Optional.empty()));

        assertDecisionRefused(
                ProblemCode.NOT_AN_APPROVER, ballot(approval, operator("eve"), Choice.APPROVE));
        assertDecisionRefused(
                ProblemCode.OWN_REQUEST, ballot(approval, lead("requester"), Choice.APPROVE));
        assertDecisionRefused(ProblemCode.CALL_CHANGED, otherCall);
        assertDecisionRefused(ProblemCode.NOT_FOUND, ballot(approval, stranger, Choice.APPROVE));
        assertDecisionRefused(ProblemCode.INVALID_REQUEST, edit(approval, Optional.empty()));

        assertThat(get(approvals().find(approval.id()))).contains(approval);
        assertThat(audited()).isEmpty();
        assertThat(isClaimable(approval.runId())).isFalse();
    }

    @Test
    void nobodyDecidesOnWhatIsNotThere() {
        Approval never = TestRun.of(tenant).approval(1, false, Optional.empty());

        assertDecisionRefused(ProblemCode.NOT_FOUND, ballot(never, lead("bob"), Choice.REJECT));

        assertThat(get(approvals().find(never.id()))).isEmpty();
    }

    @Test
    void nobodyDecidesAfterTheExpiryByTheStoresClock() {
        Instant expiry = get(backend().leases().now()).plus(SHORT);
        Approval approval = opened(1, false, Optional.of(expiry));
        backend().pass(LONGER);

        assertDecisionRefused(
                ProblemCode.ALREADY_SETTLED, ballot(approval, lead("bob"), Choice.APPROVE));

        assertThat(get(approvals().find(approval.id()))).contains(approval);
    }

    @Test
    void ofManyWhoDecideAtOnceOneIsHeard() {
        Approval approval = opened();

        List<Boolean> heard =
                atOnce(
                        12,
                        number ->
                                succeeds(
                                        approvals()
                                                .decide(
                                                        ballot(
                                                                approval,
                                                                lead("lead-" + number),
                                                                number % 2 == 0
                                                                        ? Choice.APPROVE
                                                                        : Choice.REJECT))));

        assertThat(heard).filteredOn(won -> won).hasSize(1);
        assertThat(get(approvals().find(approval.id())).orElseThrow().decisions()).hasSize(1);
        assertThat(audited()).hasSize(1);
    }

    @Test
    void aDecisionAndAnExpiryAtOnceNeverBothStand() {
        for (int round = 0; round < 12; round++) {
            TestRun run = submitted();
            Asking asking =
                    asking(run.approval(1, false, Optional.empty()), run, new Next.Continue());
            RunChange expiry = closing(asking, Status.EXPIRED, TestRun.checkpoint("expired"));

            List<Boolean> won =
                    atOnce(
                            2,
                            number ->
                                    number == 0
                                            ? succeeds(
                                                    backend().runs().append(asking.lease(), expiry))
                                            : succeeds(
                                                    approvals()
                                                            .decide(
                                                                    ballot(
                                                                            asking.approval(),
                                                                            lead("bob"),
                                                                            Choice.APPROVE))));

            assertThat(won).containsExactlyInAnyOrder(true, false);
            assertThat(get(approvals().find(asking.approval().id())).orElseThrow().status())
                    .isEqualTo(won.getFirst() ? Status.EXPIRED : Status.APPROVED);
        }
    }

    @Test
    void aWithdrawalKeepsADecision() {
        TestRun run = submitted();
        Asking asking = asking(run.approval(1, false, Optional.empty()), run, new Next.Continue());
        get(approvals().decide(ballot(asking.approval(), lead("bob"), Choice.REJECT)));

        append(run, asking.lease(), closing(asking, Status.WITHDRAWN, TestRun.failed()));

        assertThat(get(approvals().find(asking.approval().id())).orElseThrow().status())
                .isEqualTo(Status.REJECTED);
    }

    @Test
    void aClosedApprovalCanNoLongerBeDecidedAndLeavesTheInbox() {
        TestRun run = submitted();
        Asking asking = asking(run.approval(1, false, Optional.empty()), run, new Next.Continue());

        append(run, asking.lease(), closing(asking, Status.WITHDRAWN, TestRun.failed()));

        assertDecisionRefused(
                ProblemCode.ALREADY_SETTLED,
                ballot(asking.approval(), lead("bob"), Choice.APPROVE));
        assertThat(get(backend().inbox().read(run.id())).approvals()).isEmpty();
    }

    @Test
    void decidingWhileTheWorkerAppendsBlocksNeither() {
        TestRun run = submitted();
        Asking asking = asking(run.approval(9, false, Optional.empty()), run, new Next.Continue());

        atOnce(
                2,
                number -> {
                    for (int step = 0; step < 8; step++) {
                        if (number == 0) {
                            append(
                                    run,
                                    asking.lease(),
                                    run.change(
                                            new Next.Continue(), TestRun.checkpoint("s" + step)));
                        } else {
                            get(
                                    approvals()
                                            .decide(
                                                    ballot(
                                                            asking.approval(),
                                                            lead("lead-" + step),
                                                            Choice.APPROVE)));
                        }
                    }
                    return number;
                });

        assertThat(get(approvals().find(asking.approval().id())).orElseThrow().decisions())
                .hasSize(8);
        assertThat(get(backend().runs().find(run.id()))).contains(run.summary());
    }

    private static RunChange closing(Asking asking, Status status, RunEvent event) {
        return asking.run()
                .change(
                        new Next.Continue(),
                        Map.of(),
                        List.of(),
                        Map.of(asking.approval().id(), status),
                        Set.of(),
                        event);
    }

    private void assertDecisionRefused(ProblemCode code, Ballot ballot) {
        assertRefused(code, () -> get(approvals().decide(ballot)));
    }

    private Actor lead(String name) {
        return operator(name, "lead", "viewer");
    }

    private static Ballot ballot(Approval approval, Actor actor, Choice choice) {
        return new Ballot(
                approval.id(),
                actor,
                approval.callDigest(),
                choice,
                "fine by me",
                Optional.empty(),
                audit(actor, "approval.decide", Optional.of(approval.runId())));
    }

    private Ballot edit(Approval approval, Optional<JsonObject> arguments) {
        Actor bob = lead("bob");
        return new Ballot(
                approval.id(),
                bob,
                approval.callDigest(),
                Choice.EDIT,
                "less",
                arguments,
                audit(bob, "approval.edit", Optional.of(approval.runId())));
    }

    private List<ApprovalId> ids(Optional<Status> status, Optional<RunId> run) {
        return list(status, run, PageRequest.first(10)).items().stream().map(Approval::id).toList();
    }

    private Page<Approval> list(Optional<Status> status, Optional<RunId> run, PageRequest page) {
        return get(approvals().list(new ApprovalFilter(tenant, status, run), page));
    }
}
