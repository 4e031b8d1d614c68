package dev.signalbox.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.queue.RunQueue.Delivery;
import dev.signalbox.queue.memory.MemoryRunQueue;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MemoryRunQueueTest {

    private final MemoryRunQueue queue = new MemoryRunQueue();
    private final List<RunId> runs =
            Stream.generate(() -> new RunId(UUID.randomUUID())).limit(4).toList();

    @Test
    void hints_wait_for_the_first_consumer() {
        runs.forEach(this::send);

        AssertSubscriber<Delivery> consumer = consumer(10);

        assertThat(ids(consumer)).isEqualTo(runs);
    }

    @Test
    void a_consumer_gets_as_many_hints_as_it_asks_for() {
        AssertSubscriber<Delivery> consumer = consumer(1);
        runs.forEach(this::send);
        assertThat(ids(consumer)).containsExactly(runs.get(0));

        consumer.request(2);

        assertThat(ids(consumer)).isEqualTo(runs.subList(0, 3));
    }

    @Test
    void consumers_take_turns_and_one_that_has_left_gets_nothing() {
        AssertSubscriber<Delivery> one = consumer(10);
        AssertSubscriber<Delivery> other = consumer(10);
        send(runs.get(0));
        send(runs.get(1));
        one.cancel();

        send(runs.get(2));
        send(runs.get(3));

        assertThat(ids(one)).hasSize(1);
        assertThat(ids(other)).hasSize(3);
    }

    private void send(RunId id) {
        queue.send(id, Optional.empty()).await().indefinitely();
    }

    private AssertSubscriber<Delivery> consumer(long demand) {
        return queue.deliveries().subscribe().withSubscriber(AssertSubscriber.create(demand));
    }

    private static List<RunId> ids(AssertSubscriber<Delivery> consumer) {
        return consumer.getItems().stream().map(Delivery::runId).toList();
    }
}
