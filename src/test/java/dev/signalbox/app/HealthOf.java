package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.RunLeases;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Overrides;
import dev.signalbox.support.Planes;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the probes say of a process whose broker cannot be reached, for each role alone.
abstract class HealthOf {

    /// Roles whose broker is not there.
    abstract static class WithoutBroker implements QuarkusTestProfile {

        private final String roles;

        WithoutBroker(String roles) {
            this.roles = roles;
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "signalbox.roles", roles,
                    "signalbox.store", "memory",
                    "signalbox.health.timeout", "PT0.5S");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Overrides.class, Map.of("amqp-port", "1")));
        }
    }

    /// Whether a process with that role is ready without a broker.
    abstract boolean readyWithoutBroker();

    abstract String roles();

    @Test
    void livesWithoutItsBrokerAndIsReadyIfItsRoleDoesNotNeedIt() {
        assertStatus("ready", readyWithoutBroker());
        assertStatus("live", true);
        assertStatus("started", true);
        assertThat(check(health("ready"), "store").path("status").asText()).isEqualTo("UP");
        assertThat(check(health("ready"), "store").at("/data/neededBy").asText())
                .isEqualTo(roles());
    }

    @Test
    void livesWithoutItsStoreButIsNotReady() {
        QuarkusMock.installMockForType(
                answering(
                        Uni.createFrom()
                                .failure(
                                        ProblemException.of(
                                                ProblemCode.UNAVAILABLE,
                                                "The database cannot be reached."))),
                RunLeases.class);

        assertStatus("ready", false);
        assertStatus("live", true);
        assertStatus("started", true);
        assertThat(check(health("ready"), "store").at("/data/reason").asText())
                .isEqualTo("The database cannot be reached.");
    }

    @Test
    void aStoreThatIsSilentDoesNotHoldTheProbeUp() {
        QuarkusMock.installMockForType(answering(Uni.createFrom().nothing()), RunLeases.class);

        assertStatus("ready", false);
        assertStatus("live", true);
        assertThat(check(health("ready"), "store").at("/data/reason").asText())
                .isEqualTo("no answer within PT0.5S");
    }

    static JsonNode health(String kind) {
        return new Caller(Planes.managementUri(), Optional.empty()).get("/q/health/" + kind).json();
    }

    static JsonNode check(JsonNode health, String name) {
        for (JsonNode check : health.path("checks")) {
            if (check.path("name").asText().equals(name)) {
                return check;
            }
        }
        throw new AssertionError("no check " + name + " in " + health);
    }

    private static void assertStatus(String kind, boolean up) {
        Caller.Answer answer =
                new Caller(Planes.managementUri(), Optional.empty()).get("/q/health/" + kind);
        assertThat(answer.status()).as(kind + ": " + answer.text()).isEqualTo(up ? 200 : 503);
        assertThat(answer.at("/status")).isEqualTo(up ? "UP" : "DOWN");
    }

    private static RunLeases answering(Uni<?> answer) {
        return (RunLeases)
                Proxy.newProxyInstance(
                        RunLeases.class.getClassLoader(),
                        new Class<?>[] {RunLeases.class},
                        (_, _, _) -> answer);
    }
}
