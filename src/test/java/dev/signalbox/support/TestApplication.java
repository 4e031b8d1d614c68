package dev.signalbox.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import java.util.HashMap;
import java.util.Map;

/// What every `@QuarkusTest` runs on: [TestServices], a database of its own, the callers of
/// [TestTokens], free ports. Nothing has to be named in a test.
@WithTestResource(value = TestApplication.class, scope = TestResourceScope.GLOBAL)
public final class TestApplication implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        String database = TestServices.newDatabase("test");
        Map<String, String> configuration = new HashMap<>();
        configuration.put("quarkus.http.test-port", "0");
        configuration.put("quarkus.management.test-port", "0");
        configuration.put("signalbox.operator.port", "0");
        configuration.put("signalbox.data-dir", TestServices.directory("data").toString());
        configuration.put(
                "signalbox.auth.tokens-file",
                TestTokens.writeFile(TestServices.directory("auth").resolve("tokens.yaml"))
                        .toString());
        configuration.put("quarkus.datasource.reactive.url", TestServices.reactiveUrl(database));
        configuration.put("quarkus.datasource.jdbc.url", TestServices.jdbcUrl(database));
        configuration.put("quarkus.datasource.username", "signalbox");
        configuration.put("quarkus.datasource.password", "signalbox");
        configuration.put("amqp-host", "127.0.0.1");
        configuration.put("amqp-port", Integer.toString(TestServices.amqpPort()));
        return configuration;
    }

    @Override
    public void stop() {
        // The services end with the JVM: the next application uses them too.
    }
}
