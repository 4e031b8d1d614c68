package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.operator.view.RunDetail;
import dev.signalbox.operator.view.RunTree;
import dev.signalbox.operator.view.StateView;
import dev.signalbox.operator.view.Timeline;
import dev.signalbox.operator.view.Values;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.LegalHolds;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.EventView;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunView;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads runs for people: everything is a fold of the journal, of the caller's tenant, and without
/// what the caller may not see.
@ApplicationScoped
public class RunReader {

    /// Most runs of a tree that are shown.
    static final int MAX_TREE = 2000;

    private final RunStore runs;
    private final ApprovalInbox approvals;
    private final LegalHolds holds;
    private final RunFinder finder;

    RunReader(
            RunStore runs, ApprovalInbox approvals, LegalHolds holds, RunFinder finder) {
        this.runs = runs;
        this.approvals = approvals;
        this.holds = holds;
        this.finder = finder;
    }

    /// @param filter its tenant must be the actor's
    public Uni<Items<RunView>> list(Actor actor, RunFilter filter, PageRequest page) {
        Access.toRead(actor);
        return runs.list(filter, page)
                .chain(found -> views(actor, found.items()).map(views -> Items.of(found, views)));
    }

    public Uni<RunSummary> summary(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id));
    }

    public Uni<RunDetail> detail(Actor actor, String id) {
        return summary(actor, id).chain(run -> detail(actor, run));
    }

    private Uni<RunDetail> detail(Actor actor, RunSummary run) {
        RunId id = run.identity().id();
        ApprovalFilter pending =
                new ApprovalFilter(
                        actor.tenant(), Optional.of(Approval.Status.PENDING), Optional.of(id));
        return Uni.combine()
                .all()
                .unis(
                        finder.journal(id, run.headSeq()),
                        approvals.list(pending, PageRequest.first(PageRequest.MAX_LIMIT)),
                        tree(run),
                        holds.find(run.identity().lineage().root()))
                .asTuple()
                .chain(
                        read -> {
                            List<Approval> waiting = read.getItem2().items();
                            Set<Digest> named = named(run);
                            named.addAll(EventView.digests(read.getItem1()));
                            waiting.forEach(approval -> named.addAll(named(approval)));
                            return runs.payloads(id, named)
                                    .map(
                                            payloads ->
                                                    detail(
                                                            actor,
                                                            run,
                                                            read.getItem1(),
                                                            waiting,
                                                            read.getItem3(),
                                                            read.getItem4(),
                                                            finder.values(actor, payloads)));
                        });
    }

    private static RunDetail detail(
            Actor actor,
            RunSummary run,
            List<JournalEntry> journal,
            List<Approval> waiting,
            List<RunSummary> tree,
            Optional<LegalHold> legalHold,
            Values values) {
        List<Placed> history = journal.stream().map(EventCodec::placed).toList();
        Timeline timeline = Timeline.of(history, values);
        OpenCalls open = OpenCalls.of(RunFold.fold(history).progress());
        return new RunDetail(
                view(run, values),
                run.identity().requestedBy(),
                run.identity().priority(),
                run.identity().deadline(),
                run.hold()
                        .map(
                                hold ->
                                        new RunDetail.HoldView(
                                                hold.reason(),
                                                hold.detail(),
                                                run.waitingOn().orElseThrow().since(),
                                                hold.by(),
                                                open.all(),
                                                hold.shortage())),
                timeline.steps(),
                timeline.checkpoints(),
                timeline.errors(),
                waiting.stream().map(approval -> ApprovalView.of(approval, values)).toList(),
                children(run, tree),
                new RunDetail.LineageView(
                        run.identity().lineage().root(),
                        run.identity().lineage().parent(),
                        run.identity()
                                .lineage()
                                .branchedFrom()
                                .map(from -> new RunView.Branch(from.runId(), from.seq()))),
                legalHold.map(RunDetail.LegalHoldView::of),
                CommandRules.offered(actor, run, open, legalHold.isPresent()));
    }

    private static RunDetail.Children children(RunSummary run, List<RunSummary> tree) {
        List<RunSummary> children =
                tree.stream()
                        .filter(
                                other ->
                                        other.identity()
                                                .lineage()
                                                .parent()
                                                .filter(run.identity().id()::equals)
                                                .isPresent())
                        .toList();
        return new RunDetail.Children(
                children.size(),
                children.stream()
                        .collect(Collectors.groupingBy(RunSummary::status, Collectors.counting())));
    }

    /// The whole tree that the run belongs to, from its root.
    public Uni<RunTree> tree(Actor actor, String id) {
        return summary(actor, id)
                .chain(this::tree)
                .chain(tree -> views(actor, tree))
                .map(
                        views -> {
                            RunView root =
                                    views.stream()
                                            .filter(run -> run.id().equals(run.rootRunId()))
                                            .findFirst()
                                            .orElseGet(views::getFirst);
                            return RunTree.of(root, views);
                        });
    }

    private Uni<List<RunSummary>> tree(RunSummary run) {
        RunFilter ofRoot =
                new RunFilter(
                        run.identity().tenant(),
                        Set.of(),
                        Optional.empty(),
                        Map.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(run.identity().lineage().root()));
        return more(ofRoot, PageRequest.first(PageRequest.MAX_LIMIT), new ArrayList<>());
    }

    private Uni<List<RunSummary>> more(RunFilter filter, PageRequest page, List<RunSummary> soFar) {
        return runs.list(filter, page)
                .chain(
                        found -> {
                            soFar.addAll(found.items());
                            return found.next().isEmpty() || soFar.size() >= MAX_TREE
                                    ? Uni.createFrom().item(soFar)
                                    : more(
                                            filter,
                                            new PageRequest(page.limit(), found.next()),
                                            soFar);
                        });
    }

    /// Events with the values that they name, after position `after`.
    public Uni<Items<EventView>> journal(Actor actor, String id, int limit, long after) {
        return summary(actor, id)
                .chain(
                        run ->
                                runs.journal(run.identity().id(), after, limit)
                                        .chain(entries -> events(actor, run, entries)));
    }

    private Uni<Items<EventView>> events(Actor actor, RunSummary run, List<JournalEntry> entries) {
        boolean more = !entries.isEmpty() && entries.getLast().seq() < run.headSeq();
        Optional<String> next =
                more ? Optional.of(Long.toString(entries.getLast().seq())) : Optional.empty();
        return runs.payloads(run.identity().id(), EventView.digests(entries))
                .map(payloads -> finder.values(actor, payloads).byDigest())
                .map(
                        shown ->
                                new Items<>(
                                        entries.stream()
                                                .map(entry -> EventView.of(entry, shown))
                                                .toList(),
                                        next));
    }

    /// What the run was after entry `seq`; after its newest if none is given.
    public Uni<StateView> state(Actor actor, String id, Optional<Long> seq) {
        return summary(actor, id)
                .chain(
                        run -> {
                            long until = seq.orElse(run.headSeq());
                            if (until < 1 || until > run.headSeq()) {
                                throw Problem.at(
                                                ProblemCode.INVALID_REQUEST,
                                                "seq",
                                                "the journal has no entry " + until,
                                                "a number from 1 to " + run.headSeq())
                                        .asException();
                            }
                            return finder.journal(run.identity().id(), until)
                                    .chain(entries -> state(actor, run, entries));
                        });
    }

    private Uni<StateView> state(Actor actor, RunSummary run, List<JournalEntry> entries) {
        RunState state = RunFold.fold(entries.stream().map(EventCodec::placed).toList());
        JournalEntry head = entries.getLast();
        return runs.payloads(run.identity().id(), EventView.digests(entries))
                .map(
                        payloads ->
                                StateView.of(
                                        state,
                                        RunSummary.of(state, head),
                                        head.type(),
                                        finder.values(actor, payloads)));
    }

    private Uni<List<RunView>> views(Actor actor, List<RunSummary> summaries) {
        Map<RunId, Set<Digest>> wanted =
                summaries.stream()
                        .collect(Collectors.toMap(run -> run.identity().id(), RunReader::named));
        return runs.payloads(wanted)
                .map(
                        payloads ->
                                summaries.stream().map(run -> view(actor, run, payloads)).toList());
    }

    private RunView view(
            Actor actor, RunSummary run, Map<RunId, Map<Digest, Json>> payloads) {
        Map<Digest, Json> own = payloads.getOrDefault(run.identity().id(), Map.of());
        return view(run, finder.values(actor, own));
    }

    /// The run as `actor` may see it.
    Uni<RunView> view(Actor actor, RunSummary run) {
        return views(actor, List.of(run)).map(List::getFirst);
    }

    private static RunView view(RunSummary run, Values values) {
        String self = "/operator/v1/runs/" + run.identity().id();
        return RunView.of(run, values.byDigest(), new RunView.Links(self, self + "/journal"));
    }

    private static Set<Digest> named(RunSummary run) {
        return Stream.concat(Stream.of(run.identity().input()), run.output().stream())
                .collect(Collectors.toCollection(HashSet::new));
    }

    static Set<Digest> named(Approval approval) {
        return Stream.concat(
                        Stream.of(approval.arguments()),
                        approval.decisions().stream()
                                .flatMap(decision -> decision.editedArguments().stream()))
                .collect(Collectors.toSet());
    }
}
