package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Desk;
import dev.signalbox.support.SignalboxProcess;
import io.vertx.amqp.AmqpClient;
import io.vertx.amqp.AmqpClientOptions;
import io.vertx.amqp.AmqpConnection;
import io.vertx.amqp.AmqpMessage;
import io.vertx.amqp.AmqpMessageBuilder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// Requests over AMQP, a second process on the same queue and database, and what of all that ends up
/// where secrets must not be.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class QueueIT {

    private static final String REQUESTS = "signalbox.run-requests";
    private static final String DEAD = "signalbox.run-requests.dlq";
    private static final String REPLIES = "replies-of-the-test";

    private static final Vertx VERTX = Vertx.vertx();
    private static final BlockingQueue<AmqpMessage> REPLIED = new LinkedBlockingQueue<>();
    private static final BlockingQueue<AmqpMessage> SET_ASIDE = new LinkedBlockingQueue<>();

    private static Desk desk;
    private static AmqpConnection connection;

    @BeforeAll
    static void start() {
        desk = Desk.in("queue");
        desk.process().start();
        AmqpClientOptions options =
                new AmqpClientOptions().setHost("127.0.0.1").setPort(desk.process().amqpPort());
        connection = done(AmqpClient.create(VERTX, options).connect());
        done(connection.createReceiver(REPLIES)).handler(REPLIED::add);
        done(connection.createReceiver(DEAD)).handler(SET_ASIDE::add);
    }

    @AfterAll
    static void stop() {
        done(VERTX.close());
        desk.close();
    }

    @Test
    @Order(1)
    void a_request_is_answered_and_its_repetition_is_the_same_run() throws Exception {
        // Given
        String event = event("twice", Desk.body("refund-agent", "A-25", 25));

        // When
        send(request(event).replyTo(REPLIES).correlationId("c-1"));
        send(request(event).replyTo(REPLIES).correlationId("c-2"));

        // Then
        AmqpMessage first = take(REPLIED);
        AmqpMessage second = take(REPLIED);
        assertThat(List.of(first.correlationId(), second.correlationId()))
                .containsExactlyInAnyOrder("c-1", "c-2");
        String id = json(first).path("id").asText();
        assertThat(json(second).path("id").asText()).as(text(second)).isEqualTo(id);
        assertThat(desk.finished(id).path("status").asText()).isEqualTo("completed");
        assertThat(desk.payments("A-25")).hasSize(1);
    }

    @Test
    @Order(2)
    void garbage_is_set_aside_with_its_reason_and_the_consumer_lives_on() throws Exception {
        // Given
        String good = event("after garbage", Desk.body("refund-agent", "A-26", 26));

        // When
        send(AmqpMessage.create().withBody("no event at all"));
        send(request("{\"specversion\": "));
        send(request(event("unknown", Desk.body("no-such-agent", "A-1", 1))).replyTo(REPLIES));
        send(request(good).replyTo(REPLIES).correlationId("c-good"));

        // Then
        for (int letter = 0; letter < 3; letter++) {
            AmqpMessage dead = take(SET_ASIDE);
            assertThat(dead.applicationProperties().getString("signalbox-reason")).isNotBlank();
        }
        List<AmqpMessage> replies = List.of(take(REPLIED), take(REPLIED));
        assertThat(replies).extracting(reply -> json(reply).path("code").asText()).contains("");
        AmqpMessage answer =
                replies.stream()
                        .filter(reply -> "c-good".equals(reply.correlationId()))
                        .findFirst()
                        .orElseThrow();
        String id = json(answer).path("id").asText();
        assertThat(desk.finished(id).path("status").asText()).isEqualTo("completed");
    }

    @Test
    @Order(3)
    void two_processes_pay_every_refund_once() throws Exception {
        // Given
        String port = Integer.toString(postgresPort());
        String address = "//127.0.0.1:" + port + "/postgres";
        SignalboxProcess first = desk.process();
        try (SignalboxProcess second =
                desk.worker(first.data().resolveSibling("second"))
                        .with("QUARKUS_DATASOURCE_REACTIVE_URL", "vertx-reactive:postgresql:" + address)
                        .with("QUARKUS_DATASOURCE_JDBC_URL", "jdbc:postgresql:" + address)
                        .with("QUARKUS_DATASOURCE_USERNAME", "signalbox")
                        .with("QUARKUS_DATASOURCE_PASSWORD", "signalbox")
                        .with("AMQP_HOST", "127.0.0.1")
                        .with("AMQP_PORT", Integer.toString(first.amqpPort()))) {
            second.start();

            // When
            List<String> runs = new ArrayList<>();
            for (int number = 1; number <= 40; number++) {
                Caller door = number % 2 == 0 ? desk.submitter() : Caller.submitter(second);
                Caller.Answer answer =
                        door.post("/v1/runs", Desk.body("refund-agent", "B-" + (number + 100), 7));
                assertThat(answer.status()).as(answer.text()).isEqualTo(202);
                runs.add(answer.at("/id"));
            }

            // Then
            for (String id : runs) {
                assertThat(desk.finished(id).path("status").asText()).isEqualTo("completed");
            }
            for (int number = 1; number <= 40; number++) {
                List<JsonNode> payments = desk.payments("B-" + (number + 100));
                assertThat(payments).hasSize(1);
                assertThat(payments.getFirst().path("calls").asInt()).isEqualTo(1);
            }
        }
    }

    @Test
    @Order(4)
    void no_secret_is_in_the_database_or_the_log() throws Exception {
        // Given
        List<String> secrets =
                List.of(
                        Desk.PAYMENTS_TOKEN,
                        SignalboxProcess.REQUEST_TOKEN,
                        SignalboxProcess.OPERATOR_TOKEN);

        // When
        String dump = dump();

        // Then
        assertThat(dump).contains("A-25").doesNotContain(secrets);
        assertThat(desk.process().log()).isNotBlank().doesNotContain(secrets);
    }

    private static String event(String id, String data) {
        return """
        {"specversion": "1.0", "id": "%s", "source": "/test", "type": "dev.signalbox.run.requested",
         "datacontenttype": "application/json", "data": %s}"""
                .formatted(id, data);
    }

    private static AmqpMessageBuilder request(String event) {
        return AmqpMessage.create()
                .contentType("application/cloudevents+json")
                .withBufferAsBody(Buffer.buffer(event));
    }

    private static void send(AmqpMessageBuilder message) {
        done(done(connection.createSender(REQUESTS)).sendWithAck(message.build()));
    }

    private static AmqpMessage take(BlockingQueue<AmqpMessage> queue) throws InterruptedException {
        AmqpMessage message = queue.poll(30, TimeUnit.SECONDS);
        assertThat(message).as("a message within 30 s").isNotNull();
        return message;
    }

    private static String text(AmqpMessage message) {
        return message.bodyAsBinary().toString(StandardCharsets.UTF_8);
    }

    private static JsonNode json(AmqpMessage message) {
        try {
            return Caller.JSON.readTree(text(message));
        } catch (IOException failed) {
            throw new AssertionError(text(message), failed);
        }
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /// PostgreSQL writes its port on the fourth line.
    private static int postgresPort() throws IOException {
        Path pid = desk.process().data().resolve("postgres/cluster/postmaster.pid");
        return Integer.parseInt(Files.readAllLines(pid).get(3).strip());
    }

    /// Every row of every table as text; bytes are read as text too.
    private static String dump() throws IOException, SQLException {
        StringBuilder dump = new StringBuilder();
        try (Connection database =
                        DriverManager.getConnection(
                                "jdbc:postgresql://127.0.0.1:" + postgresPort() + "/postgres",
                                "signalbox",
                                "signalbox");
                Statement statement = database.createStatement()) {
            statement.execute("set bytea_output = 'escape'");
            List<String> tables = new ArrayList<>();
            try (ResultSet rows =
                    statement.executeQuery(
                            "select format('%I.%I', schemaname, tablename) from pg_tables"
                                    + " where schemaname not in ('pg_catalog',"
                                    + " 'information_schema')")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                try (ResultSet rows =
                        statement.executeQuery("select t::text from " + table + " t")) {
                    while (rows.next()) {
                        dump.append(rows.getString(1)).append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }
}
