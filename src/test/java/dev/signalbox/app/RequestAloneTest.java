package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.app.http.Listeners;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A process that has the role `request` and no other.
@QuarkusTest
@TestProfile(RequestAloneTest.RequestOnly.class)
class RequestAloneTest {

    /// Takes requests.
    public static final class RequestOnly implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "signalbox.roles", "request",
                    "signalbox.store", "memory",
                    "signalbox.queue", "memory");
        }
    }

    @Inject Listeners listeners;

    @Test
    void servesItsPlane() {
        Planes.request(TestTokens.SUBMITTER).get("/v1/runs").then().statusCode(200);
        Planes.request(TestTokens.SUBMITTER)
                .get("/operator/v1/runs")
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void hasNoListenerForOperators() {
        assertThat(listeners.operatorPort()).isNegative();
    }
}
