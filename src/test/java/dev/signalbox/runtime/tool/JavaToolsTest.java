package dev.signalbox.runtime.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.tool.ToolOutcome.Failed;
import dev.signalbox.runtime.tool.ToolOutcome.Succeeded;
import dev.signalbox.runtime.tool.ToolOutcome.TryAgain;
import dev.signalbox.runtime.tool.ToolOutcome.Unknown;
import dev.signalbox.tool.Tool;
import dev.signalbox.tool.ToolContext;
import dev.signalbox.tool.ToolFailure;
import dev.signalbox.tool.Toolbox;
import dev.signalbox.wire.JsonCodec;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A tool in Java is called with what its signature asks for, where its signature says, and ends in
/// one of the four ways of every tool.
class JavaToolsTest {

    private static final Instant DEADLINE = Instant.parse("2026-01-01T00:00:30Z");
    private static final RunId RUN = new RunId(new UUID(1, 2));

    private final Desk desk = new Desk();
    private final JavaTools tools = new JavaTools(List.of(desk), InstantSource.fixed(DEADLINE));

    @AfterEach
    void close() {
        tools.close();
    }

    record Order(String orderId, Optional<String> note) {}

    record Found(String orderId, int attempt) {}

    static final class Desk implements Toolbox {
        private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();

        @Tool("find")
        Found find(Order order, ToolContext context) {
            return new Found(order.orderId() + " " + context.effectId(), context.attempt());
        }

        @Tool("thread")
        boolean thread() {
            return Thread.currentThread().isVirtual();
        }

        @Tool(value = "in-place", inPlace = true)
        String inPlace(JsonObject arguments) {
            return Thread.currentThread().getName();
        }

        @Tool("promise")
        Uni<List<Found>> promise(ToolContext context) {
            return Uni.createFrom().item(List.of(new Found(context.runId().toString(), 0)));
        }

        @Tool("nothing")
        void nothing(Json arguments) {}

        @Tool("never")
        Uni<String> never() {
            return Uni.createFrom().nothing();
        }

        @Tool("sleep")
        void sleep() throws InterruptedException {
            try {
                new CountDownLatch(1).await();
            } finally {
                interrupted.complete(true);
            }
        }

        @Tool(value = "fails", inPlace = true)
        String fails(Json kind) {
            return switch (kind.canonical()) {
                case "{\"how\":\"permanent\"}" ->
                        throw ToolFailure.permanent("gone", "It is gone.");
                case "{\"how\":\"retryable\"}" ->
                        throw ToolFailure.retryable("busy", "Busy.", Duration.ofSeconds(3));
                case "{\"how\":\"unknown\"}" -> throw ToolFailure.unknown("lost", "Lost.");
                case "{}" -> throw new IllegalStateException("the password is hunter2");
                default -> "done";
            };
        }

        @Tool("checked")
        Uni<String> checked(ToolContext context) throws IOException {
            if (context.attempt() > 0) {
                throw new IOException("the disk is full");
            }
            return Uni.createFrom().item("done");
        }
    }

    static final class Wrong implements Toolbox {
        @Tool("wrong")
        String wrong(String text) {
            return text;
        }
    }

    @Test
    void aRecordAndTheContextOfTheCallComeIn() {
        ToolOutcome outcome = call("find", "{\"orderId\": \"A-1\"}");

        assertThat(outcome)
                .isEqualTo(
                        new Succeeded(
                                Json.of(Map.of("orderId", "A-1 run-t1", "attempt", 2))));
    }

    @Test
    void aMethodThatGivesAValueHasAVirtualThreadOfItsOwn() {
        assertThat(call("thread", "{}")).isEqualTo(new Succeeded(Json.of(true)));
    }

    @Test
    void aMethodThatSaysSoRunsInPlace() {
        assertThat(call("in-place", "{}"))
                .isEqualTo(new Succeeded(Json.text(Thread.currentThread().getName())));
    }

    @Test
    void aPromiseIsWaitedFor() {
        assertThat(call("promise", "{}"))
                .isEqualTo(
                        new Succeeded(
                                Json.of(
                                        List.of(
                                                Map.of("orderId", RUN.toString(), "attempt", 0)))));
    }

    @Test
    void aMethodThatGivesNothingGivesNull() {
        assertThat(call("nothing", "{}")).isEqualTo(new Succeeded(JsonNull.NULL));
    }

    @Test
    void argumentsThatTheRecordDoesNotKnowAreRefused() {
        assertThat(call("find", "{\"order\": 1}"))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.code()).isEqualTo("invalid_arguments"));
    }

    @Test
    void typedFailuresSayWhatIsKnown() {
        assertThat(call("fails", "{\"how\":\"permanent\"}"))
                .isEqualTo(new Failed("gone", "It is gone.", JsonNull.NULL));
        assertThat(call("fails", "{\"how\":\"retryable\"}"))
                .isEqualTo(new TryAgain("busy", "Busy.", Optional.of(Duration.ofSeconds(3))));
        assertThat(call("fails", "{\"how\":\"unknown\"}")).isEqualTo(new Unknown("lost", "Lost."));
    }

    @ParameterizedTest
    @CsvSource({"fails, IllegalStateException", "checked, IOException"})
    void anyOtherExceptionIsUnknownAfterAWriteAndItsMessageStaysHere(String tool, String kind) {
        ToolOutcome written = call(tool, SideEffect.EXTERNAL_WRITE, "{}");
        ToolOutcome read = call(tool, SideEffect.READ, "{}");

        assertThat(written).isEqualTo(new Unknown("tool_broke", "the tool ended with " + kind));
        assertThat(read)
                .isEqualTo(
                        new Failed("tool_broke", "the tool ended with " + kind, JsonNull.NULL));
    }

    @Test
    void whatGivesNoAnswerInTimeIsUnknown() {
        assertThat(call("never", "{}"))
                .isEqualTo(new Unknown("timeout", "no answer within PT0.2S"));
    }

    @Test
    void aThreadThatBlocksBeyondTheTimeIsInterrupted() {
        assertThat(call("sleep", "{}"))
                .isEqualTo(new Unknown("timeout", "no answer within PT0.2S"));
        assertThat(desk.interrupted).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void aProcessThatStoodStillTooLongDoesNotStartTheTool() {
        ToolOutcome outcome = call("sleep", SideEffect.READ, "{}", DEADLINE.minusMillis(1));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        TryAgain.class, again -> assertThat(again.code()).isEqualTo("not_sent"));
        assertThat(desk.interrupted).isNotDone();
    }

    @Test
    void twoToolsOfOneNameKeepTheProcessFromStarting() {
        assertThatThrownBy(() -> tools(new Desk(), new Desk()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Desk.");
    }

    @Test
    void aSignatureThatCannotBeAToolKeepsTheProcessFromStarting() {
        assertThatThrownBy(() -> tools(new Wrong()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not a String");
    }

    private static JavaTools tools(Toolbox... toolboxes) {
        return new JavaTools(List.of(toolboxes), InstantSource.system());
    }

    private ToolOutcome call(String name, String arguments) {
        return call(name, SideEffect.READ, arguments);
    }

    private ToolOutcome call(String name, SideEffect sideEffect, String arguments) {
        return call(name, sideEffect, arguments, DEADLINE);
    }

    private ToolOutcome call(
            String name, SideEffect sideEffect, String arguments, Instant sendBy) {
        JavaCall java = new JavaCall(name, Duration.ofMillis(200));
        ToolDefinition tool =
                new ToolDefinition(
                        name,
                        "A tool.",
                        JsonObject.EMPTY,
                        Optional.empty(),
                        sideEffect,
                        Idempotency.NONE,
                        List.of(),
                        java,
                        Digest.of(name));
        return tools.call(
                        new ToolInvocation(
                                new EffectId("run-t1"),
                                RUN,
                                2,
                                DEADLINE,
                                tool,
                                JsonCodec.parseObject(arguments),
                                sendBy),
                        java)
                .await()
                .atMost(Duration.ofSeconds(10));
    }
}
