package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.Schemas;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.queue.HandOver;
import dev.signalbox.queue.Letter;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.memory.MemoryRunQueue;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StoreClock;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.web.RunViews;
import dev.signalbox.web.StrictJson;
import dev.signalbox.wire.JsonCodec;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import jakarta.validation.Validation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class RunIntakeOutageTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    private final MemoryDatabase database = new MemoryDatabase(InstantSource.system());
    private final AtomicInteger failures = new AtomicInteger();
    private Supplier<Throwable> failure =
            () -> ProblemException.of(ProblemCode.UNAVAILABLE, "away");
    private final RunStore runs = failing(database.runs());
    private final PostedLetter letter = new PostedLetter();

    @Test
    void while_the_store_is_away_a_request_waits_and_then_becomes_its_run() {
        define();
        failures.set(3);

        intake().take(letter).await().atMost(SOON);

        assertThat(letter.done).containsExactly("reply application/json", "ack");
        assertThat(count()).isOne();
    }

    @Test
    void a_request_that_fails_for_no_fault_of_its_own_is_put_aside_in_the_end() {
        define();
        failures.set(Integer.MAX_VALUE);
        failure = () -> new IllegalStateException("a defect");

        intake().take(letter).await().atMost(SOON);

        assertThat(letter.done)
                .containsExactly(
                        "aside internal: something went wrong here",
                        "reply application/problem+json",
                        "ack");
        assertThat(count()).isZero();
    }

    @Test
    void a_dead_letter_that_the_queue_does_not_take_is_offered_again_before_the_acknowledgement() {
        letter.refusals.set(2);

        intake().take(letter).await().atMost(SOON);

        assertThat(letter.done).hasSize(3).last().isEqualTo("ack");
        assertThat(letter.done.getFirst()).startsWith("aside unknown_definition");
    }

    private RunIntake intake() {
        RunSubmission submission =
                new RunSubmission(
                        runs,
                        database.definitions(),
                        new Schemas(),
                        Validation.buildDefaultValidatorFactory().getValidator(),
                        new Relay(
                                new MemoryRunQueue(),
                                new HandOver(),
                                database.leases(),
                                database.inbox(),
                                new Settings()),
                        UUID::randomUUID,
                        new StoreClock(database.leases(), InstantSource.system()));
        return new RunIntake(
                submission,
                new RunViews(runs),
                StrictJson.mapper(),
                new Intake("default", 4),
                OpenTelemetry.noop());
    }

    private void define() {
        JsonObject bundle = JsonCodec.parseObject("{\"agent\": {}}");
        DefinitionRef ref =
                new DefinitionRef(DefinitionRef.Kind.AGENT, "refund", "1.0.0", bundle.digest());
        database.definitions()
                .apply(List.of(new StoredDefinition(ref, bundle, Instant.now())))
                .await()
                .atMost(SOON);
    }

    private int count() {
        return database.runs()
                .list(RunFilter.ofTenant("default"), PageRequest.first(10))
                .await()
                .atMost(SOON)
                .items()
                .size();
    }

    /// The store, with `create` failing as often as the test says.
    private RunStore failing(RunStore store) {
        return (RunStore)
                Proxy.newProxyInstance(
                        RunStore.class.getClassLoader(),
                        new Class<?>[] {RunStore.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("create")
                                    && failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                                return Uni.createFrom().failure(failure);
                            }
                            try {
                                return method.invoke(store, arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                        });
    }

    private static final class PostedLetter implements Letter {

        private final List<String> done = new ArrayList<>();
        private final AtomicInteger refusals = new AtomicInteger();

        @Override
        public String contentType() {
            return "application/cloudevents+json";
        }

        @Override
        public byte[] body() {
            return """
            {"specversion": "1.0", "id": "1", "source": "/shop",
             "type": "dev.signalbox.run.requested",
             "data": {"definition": "refund", "input": {}}}
            """
                    .getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Map<String, ?> properties() {
            return Map.of();
        }

        @Override
        public boolean wantsReply() {
            return true;
        }

        @Override
        public Uni<Void> reply(String mediaType, String text) {
            return note("reply " + mediaType);
        }

        @Override
        public Uni<Void> setAside(String reason) {
            return refusals.getAndDecrement() > 0
                    ? Uni.createFrom().failure(new IllegalStateException("the queue is away"))
                    : note("aside " + reason);
        }

        @Override
        public Uni<Void> ack() {
            return note("ack");
        }

        private Uni<Void> note(String what) {
            return Uni.createFrom().voidItem().invoke(() -> done.add(what));
        }
    }

    private record Intake(String tenant, int concurrency) implements IntakeSettings {}

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
