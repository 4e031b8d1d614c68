package dev.signalbox.runtime;

import dev.signalbox.domain.branch.Branching;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.runtime.stage.Draft;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Claim.History;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// Brings a claimed run into memory: its journal, what the journal names, and its definition.
@ApplicationScoped
class RunLoader {

    private static final int PAGE = 500;

    private final RunStore runs;
    private final PinnedDefinitions definitions;

    RunLoader(RunStore runs, PinnedDefinitions definitions) {
        this.runs = runs;
        this.definitions = definitions;
    }

    Uni<RunSession> load(Claim claim) {
        Uni<History> history =
                claim.history()
                        .map(known -> Uni.createFrom().item(known))
                        .orElseGet(() -> history(claim.lease().runId()));
        return history.chain(
                known ->
                        definitions
                                .find(claim.run().identity().definition().digest())
                                .map(definition -> new RunSession(claim, definition, known))
                                .call(this::inherit));
    }

    /// A branch takes over what its origin had come to.
    private Uni<Void> inherit(RunSession session) {
        Optional<BranchPoint> from = session.toInherit();
        if (from.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        RunId origin = from.get().runId();
        return journal(origin)
                .chain(
                        entries ->
                                runs.payloads(origin, digests(upTo(entries, from.get().seq())))
                                        .invoke(
                                                payloads ->
                                                        session.inherits(
                                                                inheritance(
                                                                        from.get(),
                                                                        entries,
                                                                        payloads))))
                .replaceWithVoid();
    }

    private static List<JournalEntry> upTo(List<JournalEntry> entries, long seq) {
        return entries.stream().filter(entry -> entry.seq() <= seq).toList();
    }

    private static Draft inheritance(
            BranchPoint from, List<JournalEntry> entries, Map<Digest, Json> payloads) {
        if (entries.size() < from.seq()) {
            throw new IllegalStateException(
                    "run " + from.runId() + " has no entry " + from.seq() + " any more");
        }
        Draft draft = new Draft();
        payloads.values().forEach(draft::keep);
        Branching.inherited(entries.stream().map(EventCodec::placed).toList(), from.seq())
                .forEach(draft::add);
        return draft.add(Branching.mark(from));
    }

    private Uni<History> history(RunId id) {
        return journal(id)
                .chain(
                        entries ->
                                runs.payloads(id, digests(entries))
                                        .map(payloads -> new History(entries, payloads)));
    }

    private Uni<List<JournalEntry>> journal(RunId id) {
        AtomicLong after = new AtomicLong();
        return Multi.createBy()
                .repeating()
                .uni(() -> runs.journal(id, after.get(), PAGE))
                .whilst(
                        page -> {
                            after.addAndGet(page.size());
                            return page.size() == PAGE;
                        })
                .onItem()
                .<JournalEntry>disjoint()
                .collect()
                .asList();
    }

    private static Set<Digest> digests(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.data().digests())
                .collect(Collectors.toUnmodifiableSet());
    }
}
