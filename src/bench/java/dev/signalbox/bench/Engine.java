package dev.signalbox.bench;

import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.RunNews;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.RunStore;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The engine of this process, called as its own request plane calls it.
@ApplicationScoped
public class Engine {

    private static final Json INPUT = Json.of(Map.of("key", "of nobody"));

    private final RunStore runs;
    private final DefinitionStore definitions;
    private final Relay relay;
    private final RunNews news;
    private final IdSource ids;
    private final InstantSource clock;

    Engine(
            RunStore runs,
            DefinitionStore definitions,
            Relay relay,
            RunNews news,
            IdSource ids,
            InstantSource clock) {
        this.runs = runs;
        this.definitions = definitions;
        this.relay = relay;
        this.news = news;
        this.ids = ids;
        this.clock = clock;
    }

    Optional<DefinitionRef> definition(String name) {
        return definitions
                .resolve(name, Optional.empty())
                .await()
                .indefinitely()
                .map(stored -> stored.ref());
    }

    RunId newId() {
        return new RunId(ids.next());
    }

    /// Submits a run and follows it to its end.
    CompletionStage<RunId> complete(DefinitionRef definition) {
        return submit(definition, newId(), RunStatus.COMPLETED);
    }

    /// Submits a run and follows it until it comes to that status.
    CompletionStage<RunId> submit(DefinitionRef definition, RunId id, RunStatus wanted) {
        CompletableFuture<RunId> reached = reached(id, wanted);
        RunIdentity identity =
                new RunIdentity(
                        id,
                        definition,
                        "default",
                        "bench",
                        Map.of(),
                        5,
                        INPUT.digest(),
                        Optional.empty(),
                        Lineage.rootOf(id),
                        "0af7651916cd43dd8448eb211c80319c",
                        Optional.empty(),
                        clock.instant());
        runs.create(NewRun.of(identity, INPUT, Optional.empty()))
                .subscribe()
                .with(_ -> relay.wake(id), reached::completeExceptionally);
        return reached;
    }

    /// Completes when a run of this process comes to that status.
    CompletableFuture<RunId> reached(RunId id, RunStatus wanted) {
        CompletableFuture<RunId> reached = new CompletableFuture<>();
        news.of(id)
                .filter(run -> run.status() == wanted || ended(run.status()))
                .toUni()
                .subscribe()
                .with(run -> settle(run, wanted, reached), reached::completeExceptionally);
        return reached;
    }

    /// Nothing of a benchmark is held on purpose.
    private static boolean ended(RunStatus status) {
        return status.terminal() || status == RunStatus.HELD;
    }

    private static void settle(
            RunSummary run, RunStatus wanted, CompletableFuture<RunId> reached) {
        if (run.status() == wanted) {
            reached.complete(run.identity().id());
        } else {
            reached.completeExceptionally(
                    new IllegalStateException(run.status() + " " + run.error()));
        }
    }
}
