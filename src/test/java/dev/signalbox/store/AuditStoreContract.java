package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.AuditStore.AuditFilter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What [AuditStore] promises.
public abstract class AuditStoreContract extends StoreContract {

    @Test
    void recordsComeOutAsTheyWentInNewestFirst() {
        RunId run = TestRun.of(tenant).id();
        AuditRecord first = recorded("alice", "run.hold", Optional.of(run));
        AuditRecord second = recorded("bob", "definition.apply", Optional.empty());

        List<AuditRecord> all = audited();

        assertThat(all).containsExactly(second, first);
    }

    @Test
    void eachFilterFindsItsRecords() {
        RunId run = TestRun.of(tenant).id();
        AuditRecord first = recorded("alice", "run.hold", Optional.of(run));
        AuditRecord second = recorded("bob", "run.cancel", Optional.empty());

        assertThat(list(Optional.of(run), Optional.empty(), Optional.empty(), Optional.empty()))
                .containsExactly(first);
        assertThat(list(Optional.empty(), Optional.of("bob"), Optional.empty(), Optional.empty()))
                .containsExactly(second);
        assertThat(
                        list(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of("run.hold"),
                                Optional.empty()))
                .containsExactly(first);
        assertThat(
                        list(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(second.at())))
                .contains(second);
        assertThat(
                        list(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(Instant.parse("2040-01-01T00:00:00Z"))))
                .isEmpty();
    }

    @Test
    void recordsComeInPages() {
        AuditRecord first = recorded("alice", "a", Optional.empty());
        AuditRecord second = recorded("alice", "b", Optional.empty());
        AuditRecord third = recorded("alice", "c", Optional.empty());
        AuditFilter all =
                new AuditFilter(
                        tenant,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());

        Page<AuditRecord> newest = get(backend().audit().list(all, PageRequest.first(2)));
        Page<AuditRecord> rest =
                get(backend().audit().list(all, new PageRequest(2, newest.next())));

        assertThat(newest.items()).containsExactly(third, second);
        assertThat(rest.items()).containsExactly(first);
        assertThat(rest.next()).isEmpty();
    }

    @Test
    void aRecordNeverChanges() {
        AuditRecord first = recorded("alice", "a", Optional.empty());

        assertThatThrownBy(() -> get(backend().audit().record(first)))
                .isInstanceOf(RuntimeException.class);

        assertThat(audited()).containsExactly(first);
    }

    private AuditRecord recorded(String actor, String action, Optional<RunId> run) {
        AuditRecord record = audit(operator(actor, "operator"), action, run);
        get(backend().audit().record(record));
        return record;
    }

    private List<AuditRecord> list(
            Optional<RunId> run,
            Optional<String> actor,
            Optional<String> action,
            Optional<Instant> since) {
        return get(backend()
                        .audit()
                        .list(
                                new AuditFilter(tenant, run, actor, action, since),
                                PageRequest.first(10)))
                .items();
    }
}
