package dev.signalbox.runtime.stage;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.store.NewRun;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a stage wants recorded: events in order, the payloads that they name, and what changes
/// about approvals, commands and other runs with them.
public final class Draft {

    private final List<RunEvent> events = new ArrayList<>();
    private final Map<Digest, Json> payloads = new LinkedHashMap<>();
    private final List<Approval> opened = new ArrayList<>();
    private final Map<ApprovalId, Approval.Status> closed = new LinkedHashMap<>();
    private final Set<CommandId> applied = new LinkedHashSet<>();

    private final List<NewRun> children = new ArrayList<>();
    private final List<RunCommand> posts = new ArrayList<>();

    public static Draft of(RunEvent... events) {
        Draft draft = new Draft();
        for (RunEvent event : events) {
            draft.add(event);
        }
        return draft;
    }

    public Draft add(RunEvent event) {
        events.add(event);
        return this;
    }

    /// Keeps `value` as a payload and gives its digest, for an event to name.
    public Digest keep(Json value) {
        Digest digest = value.digest();
        payloads.put(digest, value);
        return digest;
    }

    public Draft open(Approval approval) {
        opened.add(approval);
        return this;
    }

    public Draft close(ApprovalId approval, Approval.Status how) {
        closed.put(approval, how);
        return this;
    }

    public Draft answer(CommandId command) {
        applied.add(command);
        return this;
    }

    /// Creates a child run.
    public Draft create(NewRun child) {
        children.add(child);
        return this;
    }

    /// Tells another run something.
    public Draft post(RunCommand command) {
        posts.add(command);
        return this;
    }

    /// Adds everything of `other` after what is here.
    public Draft append(Draft other) {
        events.addAll(other.events);
        payloads.putAll(other.payloads);
        opened.addAll(other.opened);
        closed.putAll(other.closed);
        applied.addAll(other.applied);
        children.addAll(other.children);
        posts.addAll(other.posts);
        return this;
    }

    public boolean isEmpty() {
        return events.isEmpty() && closed.isEmpty() && applied.isEmpty() && posts.isEmpty();
    }

    public List<RunEvent> events() {
        return List.copyOf(events);
    }

    public Map<Digest, Json> payloads() {
        return Map.copyOf(payloads);
    }

    public List<Approval> opened() {
        return List.copyOf(opened);
    }

    public Map<ApprovalId, Approval.Status> closed() {
        return Map.copyOf(closed);
    }

    public List<NewRun> children() {
        return List.copyOf(children);
    }

    public List<RunCommand> posts() {
        return List.copyOf(posts);
    }

    public Set<CommandId> applied() {
        return Set.copyOf(applied);
    }
}
