package dev.signalbox;

import static dev.signalbox.support.TraceReceiver.attribute;
import static dev.signalbox.support.TraceReceiver.id;
import static dev.signalbox.support.TraceReceiver.parent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller.Answer;
import dev.signalbox.support.Desk;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.support.OpenAiStub;
import dev.signalbox.support.SignalboxProcess;
import dev.signalbox.support.TraceReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What the packaged application exports as traces, and what it shows to a model.
class TraceIT {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String MODEL_KEY = "model-key-that-nobody-may-see-0815";

    private static Desk desk;
    private static OpenAiStub model;
    private static TraceReceiver traces;

    @BeforeAll
    static void start() throws IOException {
        desk = Desk.in("trace");
        model = OpenAiStub.start().requireKey(MODEL_KEY);
        traces = TraceReceiver.start();
        traces.watch(desk.process())
                .with("SIGNALBOX_MODELS_OPENAI_BASE_URL", model.baseUrl())
                .with("SIGNALBOX_MODELS_OPENAI_API_KEY", MODEL_KEY)
                .start();
    }

    @AfterAll
    static void stop() {
        desk.close();
        model.close();
        traces.close();
    }

    @Test
    void oneRunIsOneTraceAcrossTheQueueTheWaitAndTheTools() {
        // Given
        model.reply(
                OpenAiReply.calls(
                        new OpenAiReply.Call("c1", "orders_lookup", "{\"orderId\": \"C-120\"}")),
                OpenAiReply.calls(
                        new OpenAiReply.Call(
                                "c2",
                                "payments_refund",
                                "{\"orderId\": \"C-120\", \"amount\": 120}")),
                OpenAiReply.text("{\"refunded\": 120}"));
        Answer submitted =
                desk.submitter()
                        .post(
                                "/v1/runs",
                                Desk.body("refund-agent-openai", "C-120", 120),
                                "traceparent",
                                "00-" + TRACE + "-" + CALLER + "-01");
        assertThat(submitted.at("/traceId")).isEqualTo(TRACE);
        String run = submitted.at("/id");
        JsonNode waiting = desk.settled(run);
        assertThat(waiting.path("status").asText()).as(waiting.toString()).isEqualTo("waiting");

        // When
        desk.decide(desk.approval(run), "approve");

        // Then
        JsonNode done = desk.finished(run);
        assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("completed");
        await().atMost(Duration.ofSeconds(20)).until(() -> segments().size() == 2);
        List<Span> segments = segments();
        Span first = segments.getFirst();
        Span second = segments.getLast();
        assertThat(segments)
                .allSatisfy(
                        segment -> {
                            assertThat(attribute(segment, "gen_ai.agent.name"))
                                    .contains("refund-agent-openai");
                            assertThat(attribute(segment, "signalbox.run.id")).contains(run);
                        });
        assertThat(attribute(first, "signalbox.run.status")).contains("waiting");
        assertThat(attribute(second, "signalbox.run.status")).contains("completed");
        assertThat(second.getLinksList())
                .extracting(link -> HexFormat.of().formatHex(link.getSpanId().toByteArray()))
                .containsExactly(id(first));

        assertThat(below(first, "chat gpt-5-mini")).hasSize(2);
        assertThat(below(second, "chat gpt-5-mini"))
                .singleElement()
                .satisfies(
                        chat -> {
                            assertThat(chat.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
                            assertThat(attribute(chat, "gen_ai.operation.name")).contains("chat");
                            assertThat(attribute(chat, "gen_ai.provider.name")).contains("openai");
                            assertThat(attribute(chat, "gen_ai.request.model"))
                                    .contains("gpt-5-mini");
                            assertThat(attribute(chat, "gen_ai.usage.input_tokens")).isPresent();
                            assertThat(attribute(chat, "gen_ai.usage.output_tokens")).isPresent();
                            assertThat(attribute(chat, "gen_ai.usage.cache_read.input_tokens"))
                                    .isEmpty();
                        });
        assertThat(below(first, "execute_tool orders.lookup")).hasSize(1);
        assertThat(below(second, "execute_tool payments.refund"))
                .singleElement()
                .satisfies(
                        tool -> {
                            assertThat(attribute(tool, "gen_ai.tool.name"))
                                    .contains("payments.refund");
                            assertThat(attribute(tool, "signalbox.effect.id"))
                                    .hasValueSatisfying(
                                            effect -> assertThat(effect).startsWith(run));
                        });
        assertThat(below(first, "signalbox.policy"))
                .extracting(span -> attribute(span, "signalbox.policy.verdict").orElse(""))
                .containsExactly("allow", "require_approval");
        assertThat(below(second, "signalbox.approval"))
                .extracting(span -> attribute(span, "signalbox.outcome").orElse(""))
                .contains("approved");
        assertThat(below(second, "signalbox.verification"))
                .extracting(span -> attribute(span, "signalbox.outcome").orElse(""))
                .containsExactly("passed");
        assertThat(parent(first)).as("below the span of the submission").isIn(ids());
    }

    @Test
    void noSecretIsInATraceOrInWhatTheModelIsAsked() {
        // Given
        model.reply(
                OpenAiReply.calls(
                        new OpenAiReply.Call(
                                "c1",
                                "payments_refund",
                                "{\"orderId\": \"C-21\", \"amount\": 21}")),
                OpenAiReply.text("{\"refunded\": 21}"));
        Answer submitted =
                desk.submitter()
                        .post(
                                "/v1/runs",
                                Desk.body("refund-agent-openai", "C-21", 21),
                                "Prefer",
                                "wait=30");
        assertThat(submitted.at("/status")).as(submitted.text()).isEqualTo("completed");
        String trace = submitted.at("/traceId");

        // When
        await().atMost(Duration.ofSeconds(20))
                .until(
                        () ->
                                traces.trace(trace).stream()
                                        .anyMatch(
                                                span -> span.getName().startsWith("invoke_agent")));

        // Then
        List<String> secrets =
                List.of(
                        Desk.PAYMENTS_TOKEN,
                        MODEL_KEY,
                        SignalboxProcess.REQUEST_TOKEN,
                        SignalboxProcess.OPERATOR_TOKEN);
        assertThat(traces.text()).contains("execute_tool").doesNotContain(secrets);
        assertThat(model.requests()).isNotEmpty();
        assertThat(model.requests())
                .allSatisfy(
                        asked ->
                                assertThat(asked.body().canonical())
                                        .contains("orderId")
                                        .doesNotContain(secrets));
        assertThat(desk.process().log()).isNotBlank().doesNotContain(secrets);
    }

    private static List<Span> segments() {
        return traces.trace(TRACE).stream()
                .filter(span -> span.getName().equals("invoke_agent refund-agent-openai"))
                .toList();
    }

    private static List<Span> below(Span segment, String name) {
        return traces.trace(TRACE).stream()
                .filter(span -> parent(span).equals(id(segment)))
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static Set<String> ids() {
        return traces.trace(TRACE).stream().map(TraceReceiver::id).collect(Collectors.toSet());
    }
}
