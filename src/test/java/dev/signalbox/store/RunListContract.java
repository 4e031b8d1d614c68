package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.store.RunChange.Next;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What [RunStore] promises about lists.
public abstract class RunListContract extends StoreContract {

    @Test
    void newestFirst() {
        List<RunId> made = List.of(submitted().id(), submitted().id(), submitted().id());

        Page<RunSummary> page = list(RunFilter.ofTenant(tenant), PageRequest.first(10));

        assertThat(ids(page)).isEqualTo(made.reversed());
        assertThat(page.next()).isEmpty();
    }

    @Test
    void pagesNeitherSkipNorRepeatWhileRunsArrive() {
        List<RunId> before = new ArrayList<>();
        for (int number = 0; number < 7; number++) {
            before.add(submitted().id());
        }
        RunFilter all = RunFilter.ofTenant(tenant);
        List<RunId> seen = new ArrayList<>();

        Optional<Cursor> next = Optional.empty();
        do {
            Page<RunSummary> page = list(all, new PageRequest(3, next));
            seen.addAll(ids(page));
            next = page.next().map(cursor -> Cursor.of(cursor.toString()));
            submitted();
        } while (next.isPresent());

        assertThat(seen).isEqualTo(before.reversed());
    }

    @Test
    void aFullLastPageIsTheEnd() {
        submitted();
        submitted();

        Page<RunSummary> page = list(RunFilter.ofTenant(tenant), PageRequest.first(2));

        assertThat(page.items()).hasSize(2);
        assertThat(page.next()).isEmpty();
    }

    @Test
    void anotherTenantSeesNothing() {
        submitted();

        Page<RunSummary> page = list(RunFilter.ofTenant(tenant + "-2"), PageRequest.first(2));

        assertThat(page.items()).isEmpty();
    }

    @Test
    void eachFilterFindsItsRuns() {
        TestRun labelled =
                submitted(TestRun.of(tenant, "refunds", Map.of("team", "a", "env", "x"), 5));
        TestRun failed = ended();
        RunFilter all = RunFilter.ofTenant(tenant);
        Instant between = failed.summary().identity().createdAt();

        assertThat(found(status(RunStatus.FAILED))).containsExactly(failed.id());
        assertThat(found(status(RunStatus.FAILED, RunStatus.QUEUED))).hasSize(2);
        assertThat(found(definition("refunds"))).containsExactly(labelled.id());
        assertThat(found(definition("refund"))).isEmpty();
        assertThat(found(labels(Map.of("team", "a")))).containsExactly(labelled.id());
        assertThat(found(labels(Map.of("team", "a", "env", "x")))).containsExactly(labelled.id());
        assertThat(found(labels(Map.of("team", "b")))).isEmpty();
        assertThat(found(time(Optional.of(between), Optional.empty())))
                .containsExactly(failed.id());
        assertThat(found(time(Optional.empty(), Optional.of(between))))
                .containsExactly(labelled.id());
        assertThat(found(root(labelled.id()))).containsExactly(labelled.id());
        assertThat(found(all)).containsExactly(failed.id(), labelled.id());
    }

    @Test
    void aTextIsLookedForInWhatPeopleRead() {
        TestRun labelled = submitted(TestRun.of(tenant, "refunds", Map.of("team", "Ärger_1%"), 5));
        TestRun failed = ended();
        TestRun waiting = submitted();
        append(
                waiting,
                claimed(waiting),
                waiting.change(rest(), TestRun.started(), TestRun.waiting(WaitingOn.Kind.SIGNAL)));

        assertThat(found(text("REFUND"))).containsExactly(labelled.id());
        assertThat(found(text("ärger_1%"))).containsExactly(labelled.id());
        assertThat(found(text("pier 7"))).containsExactly(failed.id());
        assertThat(found(text("grüße \0"))).containsExactly(waiting.id());
        assertThat(found(text(failed.id().toString()))).containsExactly(failed.id());
        assertThat(found(text("%"))).containsExactly(labelled.id());
        assertThat(found(text("\"status\""))).isEmpty();
    }

    @Test
    void runsThatNeedAPersonComeFirst() {
        TestRun held = submitted();
        append(held, claimed(held), held.change(rest(), TestRun.held()));
        TestRun failed = ended();
        TestRun parked = submitted();
        append(
                parked,
                claimed(parked),
                parked.change(rest(), TestRun.started(), TestRun.waiting(WaitingOn.Kind.TIMER)));
        TestRun asking = submitted();
        append(
                asking,
                claimed(asking),
                asking.change(rest(), TestRun.started(), TestRun.waiting(WaitingOn.Kind.APPROVAL)));
        TestRun running = submitted();
        append(running, claimed(running), running.change(new Next.Continue(), TestRun.started()));
        RunFilter attention = attention();

        Page<RunSummary> first = list(attention, PageRequest.first(2));
        Page<RunSummary> second = list(attention, new PageRequest(2, first.next()));
        Page<RunSummary> third = list(attention, new PageRequest(2, second.next()));

        assertThat(ids(first)).containsExactly(asking.id(), held.id());
        assertThat(ids(second)).containsExactly(failed.id(), running.id());
        assertThat(ids(third)).containsExactly(parked.id());
        assertThat(third.next()).isEmpty();
    }

    private Page<RunSummary> list(RunFilter filter, PageRequest page) {
        return get(backend().runs().list(filter, page));
    }

    private List<RunId> found(RunFilter filter) {
        return ids(list(filter, PageRequest.first(10)));
    }

    private static List<RunId> ids(Page<RunSummary> page) {
        return page.items().stream().map(run -> run.identity().id()).toList();
    }

    private RunFilter status(RunStatus... statuses) {
        return filter(
                Set.of(statuses), Optional.empty(), Map.of(), Optional.empty(), Optional.empty());
    }

    private RunFilter definition(String name) {
        return filter(Set.of(), Optional.of(name), Map.of(), Optional.empty(), Optional.empty());
    }

    private RunFilter labels(Map<String, String> labels) {
        return filter(Set.of(), Optional.empty(), labels, Optional.empty(), Optional.empty());
    }

    private RunFilter root(RunId root) {
        return filter(Set.of(), Optional.empty(), Map.of(), Optional.of(root), Optional.empty());
    }

    private RunFilter text(String text) {
        return filter(Set.of(), Optional.empty(), Map.of(), Optional.empty(), Optional.of(text));
    }

    private RunFilter time(Optional<Instant> since, Optional<Instant> until) {
        return new RunFilter(
                tenant,
                Set.of(),
                Optional.empty(),
                Map.of(),
                false,
                since,
                until,
                Optional.empty());
    }

    private RunFilter attention() {
        return new RunFilter(
                tenant,
                Set.of(),
                Optional.empty(),
                Map.of(),
                true,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private RunFilter filter(
            Set<RunStatus> statuses,
            Optional<String> definition,
            Map<String, String> labels,
            Optional<RunId> root,
            Optional<String> text) {
        return new RunFilter(
                tenant,
                statuses,
                definition,
                labels,
                false,
                Optional.empty(),
                Optional.empty(),
                root,
                text);
    }
}
