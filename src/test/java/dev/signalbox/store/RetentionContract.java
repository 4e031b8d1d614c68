package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.retention.Keep;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionRules.Terms;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Retention.Batch;
import dev.signalbox.store.Retention.Place;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.store.RunChange.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What [Retention] and [LegalHolds] promise.
public abstract class RetentionContract extends StoreContract {

    private static final Duration BRIEF = Duration.ofMillis(1);
    private static final Keep AT_ONCE = new Keep.Lasting(Duration.ZERO);
    private static final Keep LONG = new Keep.Lasting(Duration.ofDays(30));
    private static final int TRIES = 100;

    /// Rules are about definitions, whatever the tenant: each test has its own.
    final String agent = "agent-" + tenant.substring(tenant.length() - 20);

    private final Map<String, Terms> terms =
            new HashMap<>(Map.of(agent, new Terms("2.0.0", failedFor(AT_ONCE))));

    private static RetentionTerms failedFor(Keep keep) {
        return new RetentionTerms(Optional.empty(), Optional.of(keep), Optional.empty());
    }

    private RetentionRule rule(Duration period) {
        return new RetentionRule(agent, RunStatus.FAILED, period, Optional.of("2.0.0"));
    }

    private Batch batch(String pruner, Duration turn, Optional<Place> after, int most) {
        return get(
                backend()
                        .retention()
                        .prune(
                                new Round(
                                        pruner,
                                        turn,
                                        rule(Duration.ZERO),
                                        new RetentionRules(terms, RetentionTerms.NONE),
                                        after,
                                        most)));
    }

    /// Batch after batch, until there are no more; their sizes.
    private List<Integer> batches(int most) {
        List<Integer> sizes = new ArrayList<>();
        Optional<Place> after = Optional.empty();
        do {
            Batch.Removed removed = (Batch.Removed) batch("pruner", BRIEF, after, most);
            sizes.add(removed.removed().size());
            after = removed.next();
        } while (after.isPresent());
        return sizes;
    }

    /// Prunes until a run that has ended just now is gone, and so whatever could go before.
    private void sweep() {
        TestRun last = over(TestRun.of(tenant, agent, Lineage::rootOf));
        for (int attempt = 0; attempt < TRIES && isThere(last); attempt++) {
            backend().pass(SHORT);
            batches(3);
        }
        assertThat(isThere(last)).isFalse();
    }

    private boolean isThere(TestRun run) {
        return get(backend().runs().find(run.id())).isPresent();
    }

    private Optional<Tombstone> stone(TestRun run) {
        return get(backend().retention().tombstone(run.id()));
    }

    private TestRun root() {
        return TestRun.of(tenant, agent, Lineage::rootOf);
    }

    private TestRun child(TestRun parent, String definition) {
        return TestRun.of(tenant, definition, _ -> parent.lineage().childOf(parent.id()));
    }

    private TestRun branch(TestRun origin) {
        return TestRun.of(
                tenant,
                "other",
                id ->
                        new Lineage(
                                id,
                                Optional.empty(),
                                Optional.of(new BranchPoint(origin.id(), 1)),
                                Optional.empty()));
    }

    private TestRun over(TestRun run) {
        submitted(run);
        return end(run);
    }

    private TestRun end(TestRun run) {
        append(run, claimed(run), run.change(new Next.End(), TestRun.failed()));
        return run;
    }

    private LegalHold hold(TestRun run) {
        LegalHold hold = new LegalHold(run.id(), tenant, "ada", "case \0 7", micros(Instant.now()));
        get(backend().holds().place(hold, auditOf("run.legal_hold", run)));
        return hold;
    }

    private AuditRecord auditOf(String action, TestRun run) {
        return audit(operator("ada", "auditor"), action, Optional.of(run.id()));
    }

    @Test
    void aRunPastItsTimeGoesWithAllThatBelongsToIt() {
        TestRun run = submitted(root());
        Approval approval = run.approval(1, false, Optional.empty());
        Json payload = Json.text("of the run");
        CommandId asked = new CommandId(UuidCreator.getTimeOrderedEpochPlus1());
        AuditRecord audit = auditOf("run.pause", run);
        get(
                backend()
                        .inbox()
                        .post(
                                new RunCommand(
                                        asked,
                                        run.id(),
                                        operator("alice"),
                                        "because",
                                        new Ask.Steer("look"),
                                        Instant.now()),
                                audit));
        append(
                run,
                claimed(run),
                run.change(
                        new Next.End(),
                        Map.of(payload.digest(), payload),
                        List.of(approval),
                        Map.of(approval.id(), Approval.Status.WITHDRAWN),
                        Set.of(asked),
                        TestRun.failed()));
        TestRun open = submitted(root());

        sweep();

        assertThat(isThere(run)).isFalse();
        assertThat(get(backend().runs().journal(run.id(), 0, 10))).isEmpty();
        assertThat(get(backend().runs().payloads(run.id(), Set.of(payload.digest())))).isEmpty();
        assertThat(get(backend().approvals().find(approval.id()))).isEmpty();
        assertThat(get(backend().inbox().read(run.id())).commands()).isEmpty();
        assertThat(isThere(open)).isTrue();
        assertThat(audited()).contains(audit);
    }

    @Test
    void aTombstoneSaysWhatTheRunWasAndWhyItWent() {
        TestRun run = over(root());

        sweep();

        assertThat(stone(run))
                .hasValueSatisfying(
                        stone -> {
                            assertThat(stone)
                                    .isEqualTo(
                                            Tombstone.of(
                                                    run.summary(),
                                                    stone.prunedAt(),
                                                    rule(Duration.ZERO)));
                            assertThat(stone.headHash()).isEqualTo(run.head().hash());
                        });
    }

    @Test
    void aRunBeforeItsTimeStays() {
        TestRun run = over(root());
        backend().pass(SHORT);

        Batch batch =
                get(
                        backend()
                                .retention()
                                .prune(
                                        new Round(
                                                "pruner",
                                                BRIEF,
                                                rule(Duration.ofDays(30)),
                                                new RetentionRules(terms, RetentionTerms.NONE),
                                                Optional.empty(),
                                                10)));

        assertThat(batch).isEqualTo(new Batch.Removed(List.of(), Optional.empty()));
        assertThat(isThere(run)).isTrue();
    }

    @Test
    void aTreeGoesAsAWholeOnceTheLastOfItsRunsHasEnded() {
        TestRun root = submitted(root());
        TestRun child = submitted(child(root, "child"));
        end(root);
        sweep();
        assertThat(isThere(root)).isTrue();
        end(child);

        sweep();

        assertThat(isThere(root) || isThere(child)).isFalse();
        assertThat(stone(child).orElseThrow().lineage()).isEqualTo(child.lineage());
        assertThat(stone(child).orElseThrow().rule()).isEqualTo(rule(Duration.ZERO));
    }

    @Test
    void aChildThatIsToBeKeptLongerKeepsItsTree() {
        String kept = agent + ".kept";
        terms.put(kept, new Terms("1.0.0", failedFor(new Keep.Forever())));
        TestRun root = over(root());
        TestRun child = over(child(root, kept));
        sweep();
        assertThat(isThere(root) && isThere(child)).isTrue();
        terms.put(kept, new Terms("1.0.1", failedFor(LONG)));
        sweep();
        assertThat(isThere(root) && isThere(child)).isTrue();
        terms.put(kept, new Terms("1.0.2", failedFor(AT_ONCE)));

        sweep();

        assertThat(isThere(root) || isThere(child)).isFalse();
    }

    @Test
    void theOriginOfABranchThatGoesOnStays() {
        TestRun root = over(root());
        TestRun child = over(child(root, "child"));
        TestRun branch = submitted(branch(child));
        sweep();
        assertThat(isThere(root) && isThere(child)).isTrue();
        end(branch);

        sweep();

        assertThat(isThere(root) || isThere(child)).isFalse();
        assertThat(isThere(branch)).isTrue();
    }

    @Test
    void aLegalHoldWinsUntilItIsLifted() {
        TestRun root = over(root());
        TestRun child = over(child(root, "child"));
        LegalHold hold = hold(root);
        sweep();
        assertThat(isThere(root) && isThere(child)).isTrue();
        assertThat(get(backend().holds().find(root.id()))).contains(hold);

        LegalHold lifted =
                get(backend().holds().lift(root.id(), tenant, auditOf("run.legal_release", root)));
        sweep();

        assertThat(lifted).isEqualTo(hold);
        assertThat(isThere(root) || isThere(child)).isFalse();
        assertThat(audited())
                .extracting(AuditRecord::action)
                .containsExactly("run.legal_release", "run.legal_hold");
    }

    @Test
    void theOriginOfABranchUnderLegalHoldStays() {
        TestRun origin = over(root());
        hold(over(branch(origin)));

        sweep();

        assertThat(isThere(origin)).isTrue();
    }

    @Test
    void holdsAreRefusedWithoutTheirTreeAndAudit() {
        TestRun root = over(root());
        TestRun child = submitted(child(root, "child"));
        LegalHold first = hold(root);
        AuditRecord audit = auditOf("run.legal_hold", root);
        LegalHold again = new LegalHold(root.id(), tenant, "bob", "another", micros(Instant.now()));
        LegalHold strange =
                new LegalHold(root.id(), "elsewhere", "eve", "mine", micros(Instant.now()));
        LegalHold low = new LegalHold(child.id(), tenant, "bob", "a leaf", micros(Instant.now()));

        assertRefused(ProblemCode.ILLEGAL_MOVE, () -> get(backend().holds().place(again, audit)));
        assertRefused(ProblemCode.NOT_FOUND, () -> get(backend().holds().place(strange, audit)));
        assertRefused(ProblemCode.NOT_FOUND, () -> get(backend().holds().place(low, audit)));
        assertRefused(
                ProblemCode.ILLEGAL_MOVE,
                () -> get(backend().holds().lift(root.id(), "elsewhere", audit)));
        assertRefused(
                ProblemCode.ILLEGAL_MOVE,
                () -> get(backend().holds().lift(child.id(), tenant, audit)));

        assertThat(get(backend().holds().list(tenant, PageRequest.first(5))).items())
                .containsExactly(first);
        assertThat(audited()).hasSize(1);
    }

    @Test
    void aKeyOutlivesItsRunAndStartsNothing() {
        TestRun run = TestRun.keyed(tenant, agent, "key", "request");
        over(run);
        sweep();
        TestRun again = TestRun.keyed(tenant, agent, "key", "request");
        TestRun other = TestRun.keyed(tenant, agent, "key", "another request");

        Submission same = get(backend().runs().create(again.submission()));
        Submission conflict = get(backend().runs().create(other.submission()));

        assertThat(same).isEqualTo(new Submission.Pruned(stone(run).orElseThrow()));
        assertThat(conflict).isEqualTo(new Submission.Conflict());
        assertThat(isThere(again) || isThere(other)).isFalse();
    }

    @Test
    void batchesAreSmallAndTreesWhole() {
        List<TestRun> single = IntStream.range(0, 7).mapToObj(_ -> over(root())).toList();
        TestRun wide = over(root());
        List<TestRun> children =
                IntStream.range(0, 6).mapToObj(_ -> over(child(wide, "child"))).toList();
        backend().pass(Duration.ofSeconds(2));

        List<Integer> sizes = batches(4);

        assertThat(single.stream().anyMatch(this::isThere)).isFalse();
        assertThat(children.stream().anyMatch(this::isThere)).isFalse();
        assertThat(sizes.stream().mapToInt(size -> size).sum()).isEqualTo(14);
        assertThat(sizes.stream().filter(size -> size != 7)).allMatch(size -> size <= 4);
        assertThat(sizes).contains(7);
    }

    @Test
    void whatMustStayDoesNotStandInTheWayOfTheRest() {
        IntStream.range(0, 9).forEach(_ -> hold(over(root())));
        TestRun behind = over(root());
        backend().pass(Duration.ofSeconds(2));

        List<Integer> sizes = batches(4);

        assertThat(isThere(behind)).isFalse();
        assertThat(sizes).containsExactly(0, 0, 1);
    }

    @Test
    void oneProcessPrunesAtATime() {
        TestRun run = over(root());
        backend().pass(Duration.ofSeconds(2));
        TestRun later = over(root());

        Batch first = batch("first", Duration.ofSeconds(1), Optional.empty(), 1);
        Batch second = batch("second", Duration.ofSeconds(1), Optional.empty(), 10);
        backend().pass(Duration.ofMillis(1500));
        Batch third = batch("second", BRIEF, Optional.empty(), 10);

        assertThat(((Batch.Removed) first).removed()).extracting(Tombstone::id).contains(run.id());
        assertThat(second).isEqualTo(new Batch.NotMyTurn());
        assertThat(third).isInstanceOf(Batch.Removed.class);
        assertThat(later.lineage().root()).isEqualTo(later.id());
    }

    @Test
    void aRunThatIsGoneTakesNothingMore() {
        TestRun run = submitted(root());
        Lease lease = claimed(run);
        RunChange late = run.change(new Next.Continue(), TestRun.started());
        append(run, lease, run.change(new Next.End(), TestRun.failed()));
        sweep();

        assertThatThrownBy(() -> get(backend().runs().append(lease, late)))
                .isInstanceOf(StaleLeaseException.class);

        assertThat(isClaimable(run.id())).isFalse();
        assertThat(get(backend().runs().journal(run.id(), 0, 10))).isEmpty();
    }

    @Test
    void tombstonesComeInPagesAndOnlyToTheirTenant() {
        TestRun first = over(root());
        TestRun second = over(root());
        sweep();

        Page<Tombstone> page = get(backend().retention().tombstones(tenant, PageRequest.first(2)));
        Page<Tombstone> rest =
                get(backend().retention().tombstones(tenant, new PageRequest(2, page.next())));

        assertThat(ids(page)).hasSize(2).contains(second.id());
        assertThat(ids(rest)).containsExactly(first.id());
        assertThat(
                        get(backend().retention().tombstones("elsewhere", PageRequest.first(200)))
                                .items())
                .extracting(Tombstone::tenant)
                .allMatch("elsewhere"::equals);
    }

    /// Makes a run that ends at once, for whoever needs traffic.
    protected final void endOne() {
        over(TestRun.of(tenant, "traffic", Lineage::rootOf));
    }

    private static List<RunId> ids(Page<Tombstone> page) {
        return page.items().stream().map(Tombstone::id).toList();
    }
}
