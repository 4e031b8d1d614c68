package dev.signalbox.app;

import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import dev.signalbox.tool.Tool;
import dev.signalbox.tool.Toolbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A host's bean is found, its documents are accepted, and runs call it.
@QuarkusTest
@TestProfile(HostToolsTest.Host.class)
class HostToolsTest {

    public static final class Host implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> configuration = new HashMap<>(Stores.NO_DATABASE);
            configuration.put("signalbox.store", "memory");
            configuration.put("signalbox.queue", "memory");
            configuration.put("signalbox.definitions", "src/test/resources/host");
            return configuration;
        }
    }

    @ApplicationScoped
    static class Stock implements Toolbox {
        record Article(String article) {}

        record Left(int left) {}

        @Tool("stock.count")
        Left count(Article article) {
            return new Left(article.article().length());
        }
    }

    @Test
    void aRunOfAWorkflowIsSubmittedByItsName() {
        Planes.request(TestTokens.SUBMITTER)
                .header("Prefer", "wait=30")
                .contentType("application/json")
                .body("{\"definition\": \"stock-count\", \"input\": {\"article\": \"seven\"}}")
                .post("/v1/runs")
                .then()
                .statusCode(202)
                .body("kind", equalTo("workflow"))
                .body("status", equalTo("completed"))
                .body("output.left", equalTo(11))
                .body("output.again", equalTo("skipped"));
    }

    @Test
    void aRunCallsAToolOfTheHost() {
        Planes.request(TestTokens.SUBMITTER)
                .header("Prefer", "wait=30")
                .contentType("application/json")
                .body("{\"definition\": \"stock-desk\", \"input\": {\"article\": \"seven\"}}")
                .post("/v1/runs")
                .then()
                .statusCode(202)
                .body("status", equalTo("completed"))
                .body("output.left", equalTo(5));
    }
}
