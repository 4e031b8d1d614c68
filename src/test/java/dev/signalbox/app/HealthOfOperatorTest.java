package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(HealthOfOperatorTest.Alone.class)
class HealthOfOperatorTest extends HealthOf {

    /// No other role.
    public static final class Alone extends WithoutBroker {
        public Alone() {
            super("operator");
        }
    }

    @Override
    boolean readyWithoutBroker() {
        return true;
    }

    @Override
    String roles() {
        return "operator";
    }

    @Test
    void saysThatItDoesNotUseTheQueue() {
        JsonNode queue = check(health("ready"), "queue");

        assertThat(queue.path("status").asText()).as(queue.toString()).isEqualTo("UP");
        assertThat(queue.at("/data/used").asBoolean()).isFalse();
    }
}
