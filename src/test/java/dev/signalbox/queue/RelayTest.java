package dev.signalbox.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.memory.MemoryDatabase;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RelayTest {

    private final RunId run = new RunId(UUID.randomUUID());
    private final Broken queue = new Broken();
    private final Queue<RunId> due = new ConcurrentLinkedQueue<>();
    private final List<Integer> limits = new ArrayList<>();
    private final HandOver handOver = new HandOver();
    private final Relay relay =
            new Relay(
                    queue,
                    handOver,
                    leases(),
                    new MemoryDatabase(InstantSource.system()).inbox(),
                    new Settings());

    @AfterEach
    void stop() {
        relay.stop();
    }

    @Test
    void a_wake_up_goes_out_at_once() {
        relay.start();

        relay.wake(run);

        await().untilAsserted(() -> assertThat(queue.sent).containsExactly(run));
    }

    @Test
    void a_process_that_has_room_takes_its_own_wake_ups() {
        relay.start();
        List<RunId> taken = new ArrayList<>();
        AtomicInteger room = new AtomicInteger(1);
        Cancellable worker =
                handOver.deliveries(room::get).subscribe().with(it -> taken.add(it.runId()));

        relay.wake(run);
        room.set(0);
        relay.wake(run);
        room.set(1);
        worker.cancel();
        relay.wake(run);

        assertThat(taken).containsExactly(run);
        await().untilAsserted(() -> assertThat(queue.sent).containsExactly(run, run));
    }

    @Test
    void while_the_queue_is_away_a_process_works_on_as_much_as_it_has_room_for() {
        queue.away = true;
        due.add(run);
        relay.sweep().await().atMost(Duration.ofSeconds(5));
        List<RunId> taken = new ArrayList<>();
        Cancellable worker =
                handOver.deliveries(() -> 3).subscribe().with(it -> taken.add(it.runId()));
        for (int i = 0; i < 4; i++) {
            due.add(new RunId(UUID.randomUUID()));
        }

        relay.sweep().await().atMost(Duration.ofSeconds(5));

        worker.cancel();
        assertThat(limits.getLast()).isEqualTo(3);
        assertThat(taken).hasSize(3);
    }

    @Test
    void a_process_that_gets_room_again_fetches_what_is_due_at_once() {
        relay.start();
        AtomicInteger room = new AtomicInteger(0);
        List<RunId> taken = new CopyOnWriteArrayList<>();
        Cancellable worker =
                handOver.deliveries(room::get).subscribe().with(it -> taken.add(it.runId()));
        await().until(() -> !limits.isEmpty());
        relay.wake(run);
        due.add(new RunId(UUID.randomUUID()));

        room.set(8);
        relay.roomFreed();

        await().until(() -> taken.size() == 1);
        assertThat(limits).contains(8);
        worker.cancel();
    }

    @Test
    void the_sweep_sends_what_is_due() {
        due.add(run);

        relay.sweep().await().atMost(Duration.ofSeconds(5));

        assertThat(queue.sent).containsExactly(run);
    }

    @Test
    void while_the_queue_is_away_one_hint_a_sweep_tries_it_and_nobody_waits() {
        queue.away = true;
        due.add(run);
        relay.start();
        relay.sweep().await().atMost(Duration.ofSeconds(5));
        int tries = queue.tries.get();

        for (int i = 0; i < 1000; i++) {
            relay.wake(run);
        }
        relay.sweep().await().atMost(Duration.ofSeconds(5));

        assertThat(queue.tries.get()).isEqualTo(tries);
        assertThat(limits.getLast()).isOne();
    }

    @Test
    void when_the_queue_is_back_everything_that_waited_is_sent() {
        queue.away = true;
        due.add(run);
        relay.sweep().await().atMost(Duration.ofSeconds(5));
        queue.away = false;
        List<RunId> waited = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            waited.add(new RunId(UUID.randomUUID()));
        }
        due.addAll(waited);

        relay.sweep().await().atMost(Duration.ofSeconds(5));
        relay.sweep().await().atMost(Duration.ofSeconds(5));

        assertThat(queue.sent).containsExactlyInAnyOrderElementsOf(waited);
    }

    @Test
    void a_store_that_is_away_does_not_end_the_sweep() {
        due.add(run);
        storeAway = true;
        relay.sweep().await().atMost(Duration.ofSeconds(5));
        storeAway = false;

        relay.sweep().await().atMost(Duration.ofSeconds(5));

        assertThat(queue.sent).containsExactly(run);
    }

    private volatile boolean storeAway;

    /// Only `dispatch` is ever called.
    private RunLeases leases() {
        return (RunLeases)
                Proxy.newProxyInstance(
                        RunLeases.class.getClassLoader(),
                        new Class<?>[] {RunLeases.class},
                        (_, method, arguments) -> {
                            assertThat(method.getName()).isEqualTo("dispatch");
                            return dispatch((int) arguments[0]);
                        });
    }

    private Uni<List<RunId>> dispatch(int limit) {
        if (storeAway) {
            return Uni.createFrom().failure(new TimeoutException("away"));
        }
        limits.add(limit);
        List<RunId> taken = new ArrayList<>();
        while (taken.size() < limit && !due.isEmpty()) {
            taken.add(due.poll());
        }
        return Uni.createFrom().item(taken);
    }

    private static final class Broken implements RunQueue {

        private final List<RunId> sent = new java.util.concurrent.CopyOnWriteArrayList<>();
        private final AtomicInteger tries = new AtomicInteger();
        private volatile boolean away;

        @Override
        public Uni<Void> send(RunId id, Optional<TraceParent> trace) {
            tries.incrementAndGet();
            if (away) {
                return Uni.createFrom().failure(new TimeoutException("away"));
            }
            sent.add(id);
            return Uni.createFrom().voidItem();
        }

        @Override
        public Multi<Delivery> deliveries() {
            return Multi.createFrom().empty();
        }

        @Override
        public Uni<Void> reachable() {
            return send(new RunId(UUID.randomUUID()), Optional.empty());
        }
    }

    private record Settings(
            Kind kind, Duration sweep, Duration resend, int sweepLimit, Duration sendTimeout)
            implements QueueSettings {
        Settings() {
            this(
                    Kind.MEMORY,
                    Duration.ofHours(1),
                    Duration.ofSeconds(15),
                    500,
                    Duration.ofSeconds(1));
        }
    }
}
