package dev.signalbox.app;

import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.support.Desk;
import dev.signalbox.support.Planes;
import dev.signalbox.support.ShopForTests;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(WithoutDatabaseTest.Memory.class)
class WithoutDatabaseTest {

    /// The simple environment: nothing but this process.
    public static final class Memory implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> configuration = new HashMap<>(Stores.NO_DATABASE);
            configuration.put("signalbox.store", "memory");
            configuration.put("signalbox.queue", "memory");
            return configuration;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(ShopForTests.class));
        }
    }

    @Test
    void aRunCompletes() {
        Planes.request(TestTokens.SUBMITTER)
                .header("Prefer", "wait=30")
                .contentType("application/json")
                .body(Desk.body("refund-agent", "A-20", 20))
                .post("/v1/runs")
                .then()
                .statusCode(202)
                .body("status", equalTo("completed"))
                .body("output.refunded", equalTo(20));
    }

    @Test
    void theProcessIsReady() {
        Planes.anonymous(Planes.managementUri())
                .get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"));
    }
}
