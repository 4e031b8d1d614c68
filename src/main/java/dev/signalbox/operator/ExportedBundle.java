package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.bundle.BundleFormat;
import dev.signalbox.domain.bundle.BundleFormat.Section;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.AuditStore.AuditFilter;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.BundleWriter;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// One bundle on its way out: at no time more of it is held than a page and the digests.
final class ExportedBundle {

    private static final int AT_ONCE = 200;

    private final RunStore runs;
    private final ApprovalInbox approvals;
    private final DefinitionStore definitions;
    private final AuditStore audit;
    private final Redactor redactor;
    private final List<RunSummary> wanted;
    private final boolean whole;

    /// The values that each run's events name, and the approvals that they ask for.
    private final Map<RunId, Set<Digest>> named = new LinkedHashMap<>();

    private final Set<String> asked = new LinkedHashSet<>();

    ExportedBundle(
            RunStore runs,
            ApprovalInbox approvals,
            DefinitionStore definitions,
            AuditStore audit,
            Redactor redactor,
            List<RunSummary> wanted,
            boolean whole) {
        this.runs = runs;
        this.approvals = approvals;
        this.definitions = definitions;
        this.audit = audit;
        this.redactor = redactor;
        this.wanted = List.copyOf(wanted);
        this.whole = whole;
    }

    Multi<String> pieces(JsonObject head, Actor actor) {
        BundleWriter writer = new BundleWriter(head);
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom()
                                .item(
                                        () ->
                                                writer.piece(
                                                        Section.RUNS,
                                                        wanted.stream()
                                                                .map(RecordCodec::encode)
                                                                .toList())),
                        definitions().map(items -> writer.piece(Section.DEFINITIONS, items)),
                        each(this::events).map(items -> writer.piece(Section.EVENTS, items)),
                        each(this::payloads).map(items -> writer.piece(Section.PAYLOADS, items)),
                        each(this::approvals).map(items -> writer.piece(Section.APPROVALS, items)),
                        each(run -> audit(run, actor))
                                .map(items -> writer.piece(Section.AUDIT, items)),
                        Multi.createFrom().item(() -> writer.end(heads(), List.of())));
    }

    private Multi<List<JsonObject>> each(Function<RunSummary, Multi<List<JsonObject>>> items) {
        return Multi.createFrom().iterable(wanted).onItem().transformToMultiAndConcatenate(items);
    }

    private Multi<List<JsonObject>> definitions() {
        List<DefinitionRef> refs =
                wanted.stream().map(run -> run.identity().definition()).distinct().toList();
        return Multi.createFrom()
                .iterable(refs)
                .onItem()
                .transformToUniAndConcatenate(
                        ref ->
                                definitions
                                        .find(ref.digest())
                                        .map(
                                                found ->
                                                        found.map(stored -> List.of(item(stored)))
                                                                .orElseGet(List::of)));
    }

    private static JsonObject item(DefinitionStore.StoredDefinition stored) {
        Map<String, Json> item = new LinkedHashMap<>(RecordCodec.encode(stored.ref()).members());
        item.put("appliedAt", Json.text(stored.appliedAt().toString()));
        item.put("bundle", stored.bundle());
        return new JsonObject(item);
    }

    private Multi<List<JsonObject>> events(RunSummary run) {
        RunId id = run.identity().id();
        long until = run.headSeq();
        return Multi.createBy()
                .repeating()
                .uni(
                        AtomicLong::new,
                        read ->
                                runs.journal(
                                                id,
                                                read.get(),
                                                (int) Math.min(AT_ONCE, until - read.get()))
                                        .invoke(entries -> read.addAndGet(entries.size())))
                .whilst(entries -> !entries.isEmpty() && entries.getLast().seq() < until)
                .map(entries -> noted(id, entries));
    }

    private List<JsonObject> noted(RunId id, List<JournalEntry> entries) {
        Set<Digest> digests = named.computeIfAbsent(id, _ -> new LinkedHashSet<>());
        for (JournalEntry entry : entries) {
            BundleFormat.payloads(entry.data()).forEach(digests::add);
            if (entry.data().get("approvalId") instanceof Json.JsonText(String approval)) {
                asked.add(approval);
            }
        }
        return entries.stream().map(BundleWriter::event).toList();
    }

    private Multi<List<JsonObject>> payloads(RunSummary run) {
        RunId id = run.identity().id();
        List<Digest> digests = new ArrayList<>(named.getOrDefault(id, Set.of()));
        return Multi.createFrom()
                .iterable(digests)
                .group()
                .intoLists()
                .of(AT_ONCE)
                .onItem()
                .transformToUniAndConcatenate(
                        some ->
                                runs.payloads(id, Set.copyOf(some))
                                        .map(
                                                values ->
                                                        some.stream()
                                                                .map(
                                                                        one ->
                                                                                payload(
                                                                                        id, one,
                                                                                        values))
                                                                .toList()));
    }

    private JsonObject payload(RunId run, Digest digest, Map<Digest, Json> values) {
        Map<String, Json> item = new LinkedHashMap<>();
        item.put("runId", Json.text(run.toString()));
        item.put("digest", Json.text(digest.value()));
        Json value = values.get(digest);
        if (value == null) {
            item.put("state", Json.text("erased"));
        } else {
            Json shown = whole ? value : redactor.redact(value);
            item.put("state", Json.text(shown.equals(value) ? "whole" : "redacted"));
            item.put("value", shown);
        }
        return new JsonObject(item);
    }

    private Multi<List<JsonObject>> approvals(RunSummary run) {
        ApprovalFilter ofRun =
                new ApprovalFilter(
                        run.identity().tenant(),
                        Optional.empty(),
                        Optional.of(run.identity().id()));
        return pages(page -> approvals.list(ofRun, page))
                .map(found -> found.stream().filter(this::asked).map(RecordCodec::encode).toList());
    }

    private boolean asked(Approval approval) {
        return asked.contains(approval.id().toString());
    }

    private Multi<List<JsonObject>> audit(RunSummary run, Actor actor) {
        if (!Access.mayAudit(actor)) {
            return Multi.createFrom().item(List.of());
        }
        AuditFilter ofRun =
                new AuditFilter(
                        run.identity().tenant(),
                        Optional.of(run.identity().id()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return pages(page -> audit.list(ofRun, page))
                .map(found -> found.stream().map(RecordCodec::encode).toList());
    }

    private static <T> Multi<List<T>> pages(Function<PageRequest, Uni<Page<T>>> list) {
        return Multi.createBy()
                .repeating()
                .uni(
                        () -> new AtomicReference<Optional<Cursor>>(Optional.empty()),
                        next ->
                                list.apply(new PageRequest(AT_ONCE, next.get()))
                                        .invoke(page -> next.set(page.next())))
                .whilst(page -> page.next().isPresent())
                .map(Page::items);
    }

    private List<JsonObject> heads() {
        return wanted.stream().map(ExportedBundle::head).toList();
    }

    private static JsonObject head(RunSummary run) {
        Map<String, Json> head = new LinkedHashMap<>();
        head.put("runId", Json.text(run.identity().id().toString()));
        head.put("seq", Json.number(run.headSeq()));
        head.put("hash", Json.text(run.headHash().value()));
        return new JsonObject(head);
    }
}
