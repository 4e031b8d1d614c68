package dev.signalbox.runtime;

import static dev.signalbox.runtime.EngineFixture.answer;
import static dev.signalbox.runtime.EngineFixture.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Claim;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.StaleLeaseException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// What a commit is worth when its answer is lost, or comes late.
class CommitsTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-1"));

    private final EngineFixture engine = new EngineFixture(RunPipelineTest.agent());

    @Test
    void aCommitWhoseAnswerIsLostCounts() {
        // Given
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        Set<Long> lost = new HashSet<>();
        engine.runs.line(
                (change, append) ->
                        lost.add(change.after().headSeq())
                                ? append.chain(() -> unreachable())
                                : append);

        // When
        engine.work();

        // Then
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(1);
        assertThat(engine.journal(id)).allMatch(JournalEntry::intact);
        assertThat(lost).hasSizeGreaterThan(2);
    }

    @Test
    void aCommitThatNeverArrivedIsMadeAgain() {
        // Given
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        Set<Long> lost = new HashSet<>();
        engine.runs.line(
                (change, append) -> lost.add(change.after().headSeq()) ? unreachable() : append);

        // When
        engine.work();

        // Then
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void aWorkerThatStoodStillBehindItsIntentSendsNothingOnceTheRunIsAnothers() {
        // Given
        engine.replies.add(call("refund", Map.of("amount", 20)));
        RunId id = engine.submit(INPUT);
        Worker other = engine.newWorker();
        engine.runs.line(
                (change, append) ->
                        intends(change) ? append.invoke(() -> standStill(other, id)) : append);

        // When
        engine.work();

        // Then
        assertThat(engine.calls).isEmpty();
        assertThat(engine.types(id)).last().isEqualTo("tool_started");
    }

    @Test
    void aWorkerThatStoodStillGoesOnIfTheRunIsStillItsOwn() {
        // Given
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        engine.runs.line(
                (change, append) ->
                        intends(change)
                                ? append.invoke(() -> engine.now = engine.now.plusSeconds(60))
                                : append);

        // When
        engine.work();

        // Then
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.calls).hasSize(1);
        assertThat(engine.calls.getFirst().sendBy()).isAfter(engine.now);
    }

    @Test
    void aCallThatChangesNothingGoesAheadOfItsCommit() {
        // Given
        engine.replies.add(call("look", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 0}"));
        RunId id = engine.submit(INPUT);
        CompletableFuture<Void> arrives = new CompletableFuture<>();
        engine.runs.line((change, append) -> intends(change) ? after(arrives, append) : append);

        // When
        Uni<Void> session = driven(id);

        // Then
        assertThat(engine.calls).hasSize(1);
        assertThat(engine.requests).as("a model is not paid in vain").hasSize(1);
        assertThat(engine.types(id)).doesNotContain("tool_started");
        arrives.complete(null);
        EngineFixture.wait(session);
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.journal(id)).allMatch(JournalEntry::intact);
    }

    @Test
    void aCallThatChangesSomethingWaitsForItsCommit() {
        // Given
        engine.replies.add(call("refund", Map.of("amount", 20)));
        engine.replies.add(answer("{\"refunded\": 20}"));
        RunId id = engine.submit(INPUT);
        CompletableFuture<Void> arrives = new CompletableFuture<>();
        engine.runs.line((change, append) -> intends(change) ? after(arrives, append) : append);

        // When
        Uni<Void> session = driven(id);

        // Then
        assertThat(engine.calls).isEmpty();
        arrives.complete(null);
        EngineFixture.wait(session);
        assertThat(engine.calls).hasSize(1);
    }

    @Test
    void afterACommitThatIsRefusedNothingIsDoneAnyMore() {
        // Given
        engine.replies.add(call("look", Map.of("amount", 20)));
        RunId id = engine.submit(INPUT);
        List<Long> refused = new ArrayList<>();
        engine.runs.line(
                (change, append) -> {
                    if (!intends(change)) {
                        return append;
                    }
                    refused.add(change.after().headSeq());
                    return Uni.createFrom().failure(new StaleLeaseException(lease(id)));
                });

        // When
        EngineFixture.wait(driven(id));

        // Then
        assertThat(refused).hasSize(1);
        assertThat(engine.requests).hasSize(1);
    }

    @Test
    void aRunMayEndWhileACommitIsUnderWay() {
        // Given
        EngineFixture quick = new EngineFixture(RunPipelineTest.agent(Provider.SCRIPTED));
        quick.replies.add(call("look", Map.of("amount", 20)));
        quick.replies.add(answer("{\"refunded\": 0}"));
        RunId id = quick.submit(INPUT);
        CompletableFuture<Void> arrives = new CompletableFuture<>();
        List<RunChange> changes = new ArrayList<>();
        quick.runs.line(
                (change, append) -> {
                    changes.add(change);
                    return after(arrives, append);
                });
        Claim claim = quick.claim(quick.worker, id).orElseThrow();

        // When
        CompletableFuture<Void> session = quick.worker.drive(claim).subscribeAsCompletionStage();
        arrives.complete(null);

        // Then
        assertThat(session).isCompleted();
        assertThat(quick.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(changes).as("one under way, then all the rest").hasSize(2);
    }

    private Lease lease(RunId id) {
        return new Lease(id, "somebody", 1);
    }

    /// The session under way; it goes on by itself.
    private Uni<Void> driven(RunId id) {
        Claim claim = engine.claim(engine.worker, id).orElseThrow();
        CompletableFuture<Void> session = engine.worker.drive(claim).subscribeAsCompletionStage();
        return Uni.createFrom().completionStage(session);
    }

    private static Uni<Long> after(CompletableFuture<Void> signal, Uni<Long> append) {
        return Uni.createFrom().completionStage(signal).chain(() -> append);
    }

    private void standStill(Worker other, RunId id) {
        engine.now = engine.now.plus(EngineFixture.LEASE).plus(Duration.ofSeconds(1));
        Optional<Claim> taken = engine.claim(other, id);
        assertThat(taken).isPresent();
    }

    private static boolean intends(RunChange change) {
        return change.entries().stream().anyMatch(entry -> entry.type().equals("tool_started"));
    }

    private static <T> Uni<T> unreachable() {
        return Uni.createFrom()
                .failure(ProblemException.of(ProblemCode.UNAVAILABLE, "the line is down"));
    }
}
