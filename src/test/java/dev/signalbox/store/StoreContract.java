package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.AuditStore.AuditFilter;
import dev.signalbox.store.RunChange.Next;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// What the contract classes share. Every test has a tenant of its own, so that tests over one
/// database do not see each other.
abstract class StoreContract {

    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(120);
    static final Duration LONGER = Duration.ofMillis(180);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final String tenant = "tenant-" + UuidCreator.getTimeOrderedEpochPlus1();

    protected abstract Backend backend();

    static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    static Instant micros(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    /// A run that the store has, due.
    TestRun submitted() {
        return submitted(TestRun.of(tenant));
    }

    TestRun submitted(TestRun run) {
        get(backend().runs().create(run.submission()));
        return run;
    }

    Lease claimed(TestRun run) {
        return get(backend().leases().claim(run.id(), "worker-1", LEASE)).orElseThrow().lease();
    }

    void append(TestRun run, Lease lease, RunChange change) {
        get(backend().runs().append(lease, change));
        run.accept(change);
    }

    /// A run that has started and then rests until somebody wakes it.
    TestRun resting() {
        TestRun run = submitted();
        append(run, claimed(run), run.change(rest(), TestRun.started()));
        return run;
    }

    /// The id of such a run, for what only one backend can be asked.
    protected final RunId restingRun() {
        return resting().id();
    }

    /// A run that has ended.
    TestRun ended() {
        TestRun run = submitted();
        append(run, claimed(run), run.change(new Next.End(), TestRun.failed()));
        return run;
    }

    static Next rest() {
        return new Next.Rest(Optional.empty(), 0);
    }

    boolean isClaimable(RunId id) {
        return get(backend().leases().claim(id, "probe", LEASE)).isPresent();
    }

    Actor operator(String name, String... roles) {
        return new Actor(name, Actor.Plane.OPERATOR, tenant, Set.of(roles));
    }

    static AuditRecord audit(Actor actor, String action, Optional<RunId> run) {
        return new AuditRecord(
                new AuditId(UuidCreator.getTimeOrderedEpochPlus1()),
                micros(Instant.now()),
                actor,
                action,
                run,
                Optional.empty(),
                "because \0 and 'quotes'",
                Optional.empty(),
                new JsonObject(Map.of("n", Json.number(1))));
    }

    List<AuditRecord> audited() {
        return get(backend()
                        .audit()
                        .list(
                                new AuditFilter(
                                        tenant,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                PageRequest.first(PageRequest.MAX_LIMIT)))
                .items();
    }

    static void assertRefused(ProblemCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused ->
                                org.assertj.core.api.Assertions.assertThat(refused.problem().code())
                                        .isEqualTo(code));
    }

    /// Does the same `times` times at once, each on a thread of its own.
    static <T> List<T> atOnce(int times, IntFunction<T> work) {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<T>> results =
                    IntStream.range(0, times)
                            .mapToObj(
                                    number ->
                                            CompletableFuture.supplyAsync(
                                                    () -> after(start, work, number), threads))
                            .toList();
            start.countDown();
            return results.stream().map(CompletableFuture::join).toList();
        }
    }

    private static <T> T after(CountDownLatch start, IntFunction<T> work, int number) {
        try {
            start.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
        return work.apply(number);
    }

    /// Whether the call went through; `false` if it was refused or its lease was stale.
    static boolean succeeds(Uni<?> work) {
        try {
            get(work);
            return true;
        } catch (ProblemException | StaleLeaseException _) {
            return false;
        }
    }
}
