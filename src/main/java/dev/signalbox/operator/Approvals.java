package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.Paging.Items;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads approvals for those who decide.
@ApplicationScoped
public class Approvals {

    private final ApprovalInbox inbox;
    private final RunStore runs;
    private final RunFinder finder;
    private final PinnedTools tools;

    Approvals(ApprovalInbox inbox, RunStore runs, RunFinder finder, PinnedTools tools) {
        this.inbox = inbox;
        this.runs = runs;
        this.finder = finder;
        this.tools = tools;
    }

    /// An approval with what it is about.
    ///
    /// @param tool as the run's definition pins it; empty if it cannot be read any more
    public record Case(
            Approval approval, ApprovalView view, RunSummary run, Optional<ToolDefinition> tool) {}

    /// Approvals of the caller's tenant, the longest-waiting first.
    public Uni<Items<ApprovalView>> list(
            Actor actor, Optional<Approval.Status> status, PageRequest page) {
        Access.toDecide(actor);
        return inbox.list(new ApprovalFilter(actor.tenant(), status, Optional.empty()), page)
                .chain(found -> views(actor, found.items()).map(views -> Items.of(found, views)));
    }

    public Uni<ApprovalView> find(Actor actor, String id) {
        Access.toDecide(actor);
        return finder.approval(actor, RunFinder.approvalId(id))
                .chain(approval -> view(actor, approval));
    }

    /// The same, with the run and the tool that it is about.
    public Uni<Case> open(Actor actor, String id) {
        Access.toDecide(actor);
        return finder.approval(actor, RunFinder.approvalId(id))
                .chain(
                        approval ->
                                Uni.combine()
                                        .all()
                                        .unis(
                                                view(actor, approval),
                                                finder.run(actor, approval.runId()))
                                        .asTuple()
                                        .chain(
                                                read ->
                                                        open(
                                                                approval,
                                                                read.getItem1(),
                                                                read.getItem2())));
    }

    private Uni<Case> open(Approval approval, ApprovalView view, RunSummary run) {
        return tools.find(run.identity().definition().digest(), approval.tool())
                .map(tool -> new Case(approval, view, run, tool));
    }

    Uni<ApprovalView> view(Actor actor, Approval approval) {
        return views(actor, List.of(approval)).map(List::getFirst);
    }

    private Uni<List<ApprovalView>> views(Actor actor, List<Approval> approvals) {
        Map<RunId, Set<Digest>> wanted =
                approvals.stream()
                        .collect(
                                Collectors.toMap(
                                        Approval::runId,
                                        RunReader::named,
                                        (some, more) -> {
                                            Set<Digest> all = new HashSet<>(some);
                                            all.addAll(more);
                                            return all;
                                        }));
        return runs.payloads(wanted)
                .map(
                        payloads ->
                                approvals.stream()
                                        .map(approval -> view(actor, approval, payloads))
                                        .toList());
    }

    private ApprovalView view(
            Actor actor, Approval approval, Map<RunId, Map<Digest, Json>> payloads) {
        Map<Digest, Json> own = payloads.getOrDefault(approval.runId(), Map.of());
        return ApprovalView.of(approval, finder.values(actor, own));
    }
}
