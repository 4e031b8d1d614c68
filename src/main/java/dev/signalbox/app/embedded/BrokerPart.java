package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPart;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/// An AMQP 1.0 broker inside the application, unless `amqp-host` names another one or the queue is
/// in memory.
public final class BrokerPart implements EmbeddedPart {

    private static final int AMQP_PORT = 5672;
    private static final String EVENTS = "signalbox.sinks.run-events.kind";

    @Override
    public int order() {
        return 20;
    }

    @Override
    public boolean wanted(Config config) {
        return config.getOptionalValue("amqp-host", String.class).isEmpty()
                && config.getOptionalValue("signalbox.queue", String.class)
                        .orElse("amqp")
                        .equals("amqp");
    }

    @Override
    public Running start(Config config) {
        int port =
                config.getOptionalValue("signalbox.embedded.amqp-port", Integer.class)
                        .orElse(AMQP_PORT);
        return new RunningBroker(
                Broker.start(DataDirectory.of(config, "artemis"), port),
                config.getOptionalValue(EVENTS, String.class).isEmpty());
    }

    /// @param events whether events of runs go to the broker, because nobody has said otherwise
    private record RunningBroker(Broker broker, boolean events) implements Running {

        @Override
        public Map<String, String> configuration() {
            Map<String, String> configuration = new HashMap<>();
            configuration.put("amqp-host", "127.0.0.1");
            configuration.put("amqp-port", Integer.toString(broker.port()));
            if (events) {
                configuration.put(EVENTS, "amqp");
            }
            return configuration;
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
