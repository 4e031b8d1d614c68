package dev.signalbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Caller.Answer;
import dev.signalbox.support.SignalboxProcess;
import dev.signalbox.support.Yard;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What a platform's probes see of packaged processes whose database or broker is really away.
class ReadinessIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Yard yard;
    private static SignalboxProcess everything;
    private static SignalboxProcess runtime;

    @BeforeAll
    static void start() {
        yard = Yard.open("readiness");
        everything = yard.worker("everything").launch();
        everything.awaitReady();
        runtime = yard.worker("runtime").with("SIGNALBOX_ROLES", "runtime").launch();
        runtime.awaitReady();
    }

    @AfterAll
    static void stop() {
        yard.close();
    }

    @Test
    void withoutItsBrokerOnlyAWorkerIsNotReady() {
        // When
        yard.toBroker().cut();

        // Then
        try {
            await().atMost(PATIENCE).until(() -> probe(runtime, "ready").status() == 503);
            await().atMost(PATIENCE)
                    .until(() -> !queue(everything).at("/data/reachable").asBoolean(true));
            assertThat(probe(everything, "ready").status()).isEqualTo(200);
            assertThat(probe(everything, "live").status()).isEqualTo(200);
            assertThat(probe(runtime, "live").status()).isEqualTo(200);
        } finally {
            yard.toBroker().heal();
        }
        await().atMost(PATIENCE).until(() -> probe(runtime, "ready").status() == 200);
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsNoticedInTimeAndNobodyIsStartedAnew() {
        // When
        yard.toPostgres().freeze();

        // Then
        try {
            Answer first = probe(everything, "ready");
            Answer second = probe(runtime, "ready");
            assertThat(first.status()).as(first.text()).isEqualTo(503);
            assertThat(second.status()).as(second.text()).isEqualTo(503);
            assertThat(first.text()).contains("no answer within PT2S");
            assertThat(probe(everything, "live").status()).isEqualTo(200);
            assertThat(probe(runtime, "live").status()).isEqualTo(200);
        } finally {
            yard.toPostgres().reset();
            yard.toPostgres().heal();
        }
        await().atMost(PATIENCE)
                .until(
                        () ->
                                probe(everything, "ready").status() == 200
                                        && probe(runtime, "ready").status() == 200);
    }

    private static Answer probe(SignalboxProcess process, String kind) {
        return new Caller(process.managementUri(), Optional.empty()).get("/q/health/" + kind);
    }

    private static JsonNode queue(SignalboxProcess process) {
        for (JsonNode check : probe(process, "ready").json().path("checks")) {
            if (check.path("name").asText().equals("queue")) {
                return check;
            }
        }
        throw new AssertionError("no check of the queue");
    }
}
