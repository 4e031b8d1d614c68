package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(HealthOfRuntimeTest.Alone.class)
class HealthOfRuntimeTest extends HealthOf {

    /// No other role.
    public static final class Alone extends WithoutBroker {
        public Alone() {
            super("runtime");
        }
    }

    @Override
    boolean readyWithoutBroker() {
        return false;
    }

    @Override
    String roles() {
        return "runtime";
    }

    @Test
    void saysThatItCannotWorkWithoutTheQueue() {
        JsonNode queue = check(health("ready"), "queue");

        assertThat(queue.path("status").asText()).as(queue.toString()).isEqualTo("DOWN");
        assertThat(queue.at("/data/required").asBoolean()).isTrue();
        assertThat(queue.at("/data/reason").asText()).isNotEmpty();
    }
}
