package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.AuditStore.AuditFilter;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunInbox;
import dev.signalbox.support.Planes;
import dev.signalbox.support.RequestPlaneOnly;
import dev.signalbox.support.StoredRuns;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(RequestPlaneOnly.class)
class RunSignalsTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @Inject StoredRuns stored;
    @Inject RunInbox inbox;
    @Inject AuditStore audit;
    private String id;

    @BeforeEach
    void submit() {
        stored.define("signalled", "{}");
        id = submitted("signalled");
    }

    private static String submitted(String definition) {
        return Planes.request(TestTokens.SUBMITTER)
                .contentType("application/json")
                .body("{\"definition\": \"%s\", \"input\": {}}".formatted(definition))
                .post("/v1/runs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    @Test
    void a_signal_is_in_the_inbox_and_in_the_audit_when_the_answer_comes() {
        ValidatableResponse answer =
                signal(TestTokens.SUBMITTER, "{\"type\": \"cancel\", \"message\": \"a mistake\"}");

        answer.statusCode(202).body("id", equalTo(id));
        RunCommand command = commands().getFirst();
        assertThat(command.ask()).isEqualTo(new Ask.Cancel());
        assertThat(command.reason()).isEqualTo("a mistake");
        assertThat(command.by().name()).isEqualTo(TestTokens.SUBMITTER.caller());
        AuditRecord record = records().getFirst();
        assertThat(record.action()).isEqualTo("run.signal.cancel");
        assertThat(record.actor().name()).isEqualTo(TestTokens.SUBMITTER.caller());
    }

    @Test
    void what_a_run_is_steered_with_stands_in_its_inbox_and_not_in_the_audit() {
        ValidatableResponse answer =
                signal(
                        TestTokens.SUBMITTER,
                        "{\"type\": \"steer\", \"message\": \"Refund half of it.\"}");

        answer.statusCode(202);
        assertThat(commands().getFirst().ask()).isEqualTo(new Ask.Steer("Refund half of it."));
        assertThat(records().getFirst().reason()).isEqualTo("signal steer");
    }

    @Test
    void a_named_signal_brings_its_data_to_a_workflow_and_an_agent_takes_none() {
        String signal = "{\"type\": \"signal\", \"name\": \"paid\", \"data\": {\"sum\": 3}}";
        ValidatableResponse toAgent = signal(TestTokens.SUBMITTER, signal);
        stored.defineWorkflow("settled");
        id = submitted("settled");

        ValidatableResponse answer = signal(TestTokens.SUBMITTER, signal);

        toAgent.statusCode(409).body("code", equalTo("illegal_move"));
        answer.statusCode(202);
        assertThat(commands().getFirst().ask())
                .isEqualTo(new Ask.Signal("paid", Json.of(Map.of("sum", 3))));
    }

    @Test
    void a_run_that_has_ended_takes_no_signals() {
        stored.complete(id, "{}");

        ValidatableResponse answer = signal(TestTokens.SUBMITTER, "{\"type\": \"pause\"}");

        answer.statusCode(409).body("code", equalTo("illegal_move"));
        assertThat(commands()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                  | type",
                "{\"type\": \"explode\"}             | type",
                "{\"type\": \"CANCEL\"}              | type",
                "{\"type\": \"steer\"}               | message",
                "{\"type\": \"steer\", \"message\": \" \"} | message",
                "{\"type\": \"pause\", \"why\": 1}   | why"
            })
    void a_signal_that_is_wrong_is_refused_with_its_field(String body, String field) {
        ValidatableResponse answer = signal(TestTokens.SUBMITTER, body);

        answer.statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid_request"))
                .body("field", equalTo(field));
        assertThat(commands()).isEmpty();
    }

    @Test
    void a_message_beyond_8_kilobytes_is_refused() {
        ValidatableResponse answer =
                signal(
                        TestTokens.SUBMITTER,
                        "{\"type\": \"steer\", \"message\": \"" + "x".repeat(8193) + "\"}");

        answer.statusCode(400).body("field", equalTo("message"));
    }

    @Test
    void another_tenants_run_does_not_exist() {
        ValidatableResponse answer = signal(TestTokens.STRANGER, "{\"type\": \"cancel\"}");

        answer.statusCode(404).body("code", equalTo("not_found"));
        assertThat(commands()).isEmpty();
    }

    private ValidatableResponse signal(TestTokens caller, String body) {
        return Planes.request(caller)
                .contentType("application/json")
                .body(body)
                .post("/v1/runs/{id}/signals", id)
                .then();
    }

    private List<RunCommand> commands() {
        return inbox.read(RunId.of(id)).await().atMost(SOON).commands();
    }

    private List<AuditRecord> records() {
        return audit.list(
                        new AuditFilter(
                                "default",
                                Optional.of(RunId.of(id)),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty()),
                        PageRequest.first(10))
                .await()
                .atMost(SOON)
                .items();
    }
}
