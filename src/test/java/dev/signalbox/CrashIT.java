package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Desk;
import dev.signalbox.support.OpenAiReply;
import dev.signalbox.support.OpenAiReply.Call;
import dev.signalbox.support.OpenAiStub;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// `kill -9` at every moment that matters, all runs together: the process dies once with a run in
/// each of its states, and what it does when it is back is looked at run by run.
class CrashIT {

    private static final String API_KEY = "api-key-that-nobody-may-see-4712";

    private static Desk desk;
    private static OpenAiStub model;
    private static String inTool;
    private static String waiting;
    private static String inModel;
    private static String happened;
    private static String neverHappened;

    @BeforeAll
    static void crash() throws IOException {
        model = OpenAiStub.start().requireKey(API_KEY).otherwise(CrashIT::reply);
        desk = Desk.in("crash");
        desk.process()
                .with("SIGNALBOX_MODELS_OPENAI_BASE_URL", model.baseUrl())
                .with("SIGNALBOX_MODELS_OPENAI_API_KEY", API_KEY)
                .start();
        waiting = desk.submit("refund-agent", "A-130", 130);
        desk.settled(waiting);
        inTool = desk.submit("refund-agent", "S-20", 20);
        inModel = desk.submit("refund-agent-openai", "A-31", 31);
        happened = desk.submit("wire-agent", "S-41", 41);
        neverHappened = desk.submit("wire-agent", "S-42", 42);
        desk.awaitPayment("S-20");
        desk.awaitPayment("S-41");
        desk.awaitPayment("S-42");
        await().atMost(Duration.ofSeconds(10)).until(() -> !model.requests().isEmpty());
        desk.process().kill();
        desk.process().start();
    }

    @AfterAll
    static void stop() {
        desk.close();
        model.close();
    }

    /// Slow enough at the first question that the crash comes before the answer.
    private static OpenAiReply reply(OpenAiStub.Request request) {
        String said = request.body().get("messages").canonical();
        if (said.contains("paymentId")) {
            return OpenAiReply.text("{\"refunded\": 31}");
        }
        if (said.contains("tool_calls")) {
            return OpenAiReply.calls(
                    new Call("c2", "payments_refund", "{\"orderId\":\"A-31\",\"amount\":31}"));
        }
        OpenAiReply lookup =
                OpenAiReply.calls(new Call("c1", "orders_lookup", "{\"orderId\":\"A-31\"}"));
        return model.requests().size() <= 1 ? lookup.after(Duration.ofSeconds(20)) : lookup;
    }

    @Test
    void a_refund_whose_call_was_under_way_is_paid_once() {
        // When
        JsonNode run = desk.finished(inTool);

        // Then
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
        assertThat(desk.payments("S-20")).hasSize(1);
        JsonNode payment = desk.payments("S-20").getFirst();
        assertThat(payment.path("calls").asInt()).isEqualTo(2);
        assertThat(payment.path("key").asText()).startsWith(inTool + "-t");
    }

    @Test
    void a_run_that_waited_waits_on_and_can_be_approved() {
        // Given
        assertThat(desk.run(waiting).path("status").asText()).isEqualTo("waiting");

        // When
        desk.decide(desk.approval(waiting), "approve");

        // Then
        assertThat(desk.finished(waiting).path("status").asText()).isEqualTo("completed");
        assertThat(desk.payments("A-130")).hasSize(1);
        assertThat(desk.payments("A-130").getFirst().path("calls").asInt()).isEqualTo(1);
    }

    @Test
    void a_run_that_asked_its_model_asks_again() {
        // When
        JsonNode run = desk.finished(inModel);

        // Then
        assertThat(run.path("status").asText())
                .as(run + "\n" + model.refusals())
                .isEqualTo("completed");
        assertThat(run.at("/output/refunded").asInt()).isEqualTo(31);
        assertThat(desk.payments("A-31")).hasSize(1);
    }

    @Test
    void an_unsafe_call_left_open_holds_the_run_until_somebody_says_that_it_happened() {
        // Given
        JsonNode held = desk.settled(happened);
        assertThat(held.path("status").asText()).as(held.toString()).isEqualTo("held");
        assertThat(held.at("/waitingOn/detail").asText()).isNotBlank();

        // When
        Caller.Answer answer =
                reconcile(
                        happened,
                        "\"outcome\": \"happened\", \"result\": {\"paid\": 41}");

        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        JsonNode run = desk.finished(happened);
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
        assertThat(run.at("/output/sent").asInt()).isEqualTo(41);
        assertThat(desk.payments("S-41")).hasSize(1);
    }

    @Test
    void an_unsafe_call_that_somebody_says_did_not_happen_is_sent_again() {
        // Given
        JsonNode held = desk.settled(neverHappened);
        assertThat(held.path("status").asText()).as(held.toString()).isEqualTo("held");
        assertThat(desk.payments("S-42")).hasSize(1);

        // When
        Caller.Answer answer = reconcile(neverHappened, "\"outcome\": \"did_not_happen\"");

        // Then
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        JsonNode run = desk.finished(neverHappened);
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
        assertThat(desk.payments("S-42")).hasSize(2);
        assertThat(desk.journal(neverHappened)).contains("effect_reconciled");
    }

    private static Caller.Answer reconcile(String run, String outcome) {
        return desk.operator()
                .post(
                        "/operator/v1/runs/" + run + "/reconcile",
                        "{\"effectId\": \"%s-t1\", %s, \"reason\": \"looked into the ledger\"}"
                                .formatted(run, outcome));
    }
}
