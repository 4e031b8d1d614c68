package dev.signalbox.support;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Claim;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Lease;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.JsonCodec;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The store, as a test needs it: definitions to submit to, and runs moved on as a worker would.
@ApplicationScoped
public class StoredRuns {

    private static final Duration SOON = Duration.ofSeconds(10);

    private final RunStore runs;
    private final RunLeases leases;
    private final DefinitionStore definitions;

    StoredRuns(RunStore runs, RunLeases leases, DefinitionStore definitions) {
        this.runs = runs;
        this.leases = leases;
        this.definitions = definitions;
    }

    /// Makes a definition known whose input has to match `schema`.
    public void define(String name, String schema) {
        JsonObject bundle =
                JsonCodec.parseObject(
                        """
                        {"agent": {"name": "%s", "version": "1.0.0", "input": {"schema": %s}}}
                        """
                                .formatted(name, schema));
        DefinitionRef ref =
                new DefinitionRef(DefinitionRef.Kind.AGENT, name, "1.0.0", bundle.digest());
        definitions
                .apply(List.of(new StoredDefinition(ref, bundle, Instant.now())))
                .await()
                .atMost(SOON);
    }

    /// Makes a workflow known that only the store reads.
    public void defineWorkflow(String name) {
        JsonObject bundle =
                JsonCodec.parseObject(
                        "{\"workflow\": {\"name\": \"%s\", \"version\": \"1.0.0\"}}"
                                .formatted(name));
        DefinitionRef ref =
                new DefinitionRef(DefinitionRef.Kind.WORKFLOW, name, "1.0.0", bundle.digest());
        definitions
                .apply(List.of(new StoredDefinition(ref, bundle, Instant.now())))
                .await()
                .atMost(SOON);
    }

    /// How many runs of that definition there are.
    public int count(String definition) {
        RunFilter filter =
                new RunFilter(
                        "default",
                        Set.of(),
                        Optional.of(definition),
                        Map.of(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
        return runs.list(filter, PageRequest.first(200)).await().atMost(SOON).items().size();
    }

    public RunSummary find(String id) {
        return runs.find(RunId.of(id)).await().atMost(SOON).orElseThrow();
    }

    /// Takes the run as a worker would.
    public Lease claim(String id) {
        return leases.claim(RunId.of(id), "test-worker", Duration.ofMinutes(1))
                .await()
                .atMost(SOON)
                .map(Claim::lease)
                .orElseThrow();
    }

    /// Appends events in one commit.
    public void append(Lease lease, Map<Digest, Json> payloads, RunEvent... events) {
        List<JournalEntry> journal = runs.journal(lease.runId(), 0, 10_000).await().atMost(SOON);
        RunState state = RunFold.fold(journal.stream().map(EventCodec::placed).toList());
        List<JournalEntry> entries = new ArrayList<>();
        JournalEntry head = journal.getLast();
        for (RunEvent event : Arrays.asList(events)) {
            head =
                    EventCodec.link(
                            lease.runId(), head.seq() + 1, Instant.now(), event, head.hash());
            state = RunFold.evolve(state, EventCodec.placed(head));
            entries.add(head);
        }
        RunChange.Next next =
                state.status().terminal()
                        ? new RunChange.Next.End()
                        : new RunChange.Next.Continue();
        runs.append(
                        lease,
                        new RunChange(
                                entries,
                                RunSummary.of(state, head),
                                payloads,
                                List.of(),
                                Map.of(),
                                Set.of(),
                                next))
                .await()
                .atMost(SOON);
    }

    /// Starts the run and completes it with `output`.
    public void complete(String id, String output) {
        Json value = JsonCodec.parse(output);
        append(
                claim(id),
                Map.of(value.digest(), value),
                new RunEvent.RunStarted("test-worker"),
                new RunEvent.RunCompleted(value.digest()));
    }
}
