package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.store.Bulk.Action;
import dev.signalbox.store.Bulk.Refusal;
import dev.signalbox.store.Bulk.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What [BulkStore] promises. Claims see the bulks of all tenants: each test ends its own.
public abstract class BulkStoreContract extends StoreContract {

    private final List<Bulk> made = new ArrayList<>();

    @AfterEach
    void endAll() {
        for (Bulk bulk : made) {
            if (find(bulk).map(Bulk::running).orElse(false)) {
                get(backend().bulks().abort(bulk.id(), Instant.now(), record("bulk.abort")));
            }
        }
    }

    @Test
    void aBulkIsKeptAsItIsWithItsRecord() {
        Bulk bulk = created();

        assertThat(find(bulk)).contains(bulk);
        assertThat(get(backend().bulks().find("another", bulk.id()))).isEmpty();
        assertThat(audited()).extracting(AuditRecord::action).containsExactly("bulk.hold");
    }

    @Test
    void oneAtATimeCarriesItOutTheOldestFirst() {
        Bulk first = created();
        Bulk second = created();

        assertThat(claim("a")).contains(first);
        assertThat(claim("b")).contains(second);
        assertThat(claim("c")).isEmpty();
    }

    @Test
    void whoeverTakesOverGoesOnWhereTheOtherWas() {
        Bulk bulk = created();
        claim("a");
        RunId run = TestRun.of(tenant).id();
        advance(bulk, "a", SHORT, one -> one.after(run, Optional.empty()));
        backend().pass(LONGER);

        Optional<Bulk> taken = claim("b");

        assertThat(taken.flatMap(Bulk::last)).contains(run);
        assertThat(taken.map(Bulk::accepted)).contains(1);
        assertThat(advance(bulk, "a", one -> one.after(run, Optional.empty()))).isEmpty();
        assertThat(find(bulk).map(Bulk::accepted)).contains(1);
    }

    @Test
    void progressProlongsTheLease() {
        Bulk bulk = created();
        get(backend().bulks().claim("a", SHORT));
        advance(bulk, "a", UnaryOperator.identity());
        backend().pass(LONGER);

        assertThat(claim("b")).isEmpty();
    }

    @Test
    void refusalsAreKeptAndCounted() {
        Bulk bulk = created();
        claim("a");
        Refusal refusal =
                new Refusal(TestRun.of(tenant).id(), "illegal_move", "The run has ended \0.");

        Optional<Bulk> advanced =
                advance(bulk, "a", one -> one.after(refusal.runId(), Optional.of(refusal)));

        assertThat(advanced.map(Bulk::refused)).contains(1);
        assertThat(find(bulk).map(Bulk::refusals)).contains(List.of(refusal));
    }

    @Test
    void anAbortedOneIsNobodysAndStaysAborted() {
        Bulk bulk = created();
        get(backend().bulks().claim("a", SHORT));
        Instant at = micros(Instant.now());

        Bulk aborted = get(backend().bulks().abort(bulk.id(), at, record("bulk.abort")));

        assertThat(aborted.status()).isEqualTo(Status.ABORTED);
        assertThat(aborted.ended()).contains(at);
        assertThat(advance(bulk, "a", SHORT, BulkStoreContract::ended).map(Bulk::status))
                .contains(Status.ABORTED);
        backend().pass(LONGER);
        assertThat(claim("b")).isEmpty();
        assertRefused(
                ProblemCode.ALREADY_SETTLED,
                () -> get(backend().bulks().abort(bulk.id(), at, record("bulk.abort"))));
        assertThat(audited()).hasSize(2);
    }

    @Test
    void whatIsNotThereCannotBeAborted() {
        BulkId unknown = new BulkId(UuidCreator.getTimeOrderedEpochPlus1());

        assertRefused(
                ProblemCode.NOT_FOUND,
                () -> get(backend().bulks().abort(unknown, Instant.now(), record("bulk.abort"))));
        assertThat(audited()).isEmpty();
    }

    private Bulk created() {
        Bulk bulk =
                Bulk.of(
                        new BulkId(UuidCreator.getTimeOrderedEpochPlus1()),
                        operator("alice", "operator"),
                        Action.HOLD,
                        new RunFilter(
                                tenant,
                                Set.of(),
                                Optional.of("desk \0"),
                                Map.of("shop", "lisbon"),
                                false,
                                Optional.of(micros(Instant.now())),
                                Optional.empty(),
                                Optional.empty()),
                        "because",
                        micros(Instant.now()),
                        7);
        get(backend().bulks().create(bulk, record("bulk.hold")));
        made.add(bulk);
        return bulk;
    }

    private AuditRecord record(String action) {
        return audit(operator("alice", "operator"), action, Optional.empty());
    }

    private Optional<Bulk> find(Bulk bulk) {
        return get(backend().bulks().find(tenant, bulk.id()));
    }

    private Optional<Bulk> claim(String owner) {
        return get(backend().bulks().claim(owner, LEASE));
    }

    private Optional<Bulk> advance(Bulk bulk, String owner, UnaryOperator<Bulk> change) {
        return advance(bulk, owner, LEASE, change);
    }

    private Optional<Bulk> advance(
            Bulk bulk, String owner, Duration lease, UnaryOperator<Bulk> change) {
        return get(backend().bulks().advance(bulk.id(), owner, lease, change));
    }

    private static Bulk ended(Bulk bulk) {
        return bulk.settled(Status.COMPLETED, Instant.parse("2026-01-01T00:00:00Z"));
    }
}
