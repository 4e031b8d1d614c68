package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.jboss.logging.Logger;

/// An Artemis broker of our own that speaks AMQP 1.0 on loopback and keeps its messages on disk.
public final class Broker implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Broker.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String EVENTS = "signalbox.run-events";

    /// So many events are kept if nobody takes them; then the oldest give way.
    private static final long EVENTS_KEPT = 10_000;

    private static final String DEAD_LETTERS = "signalbox.dead-letters";

    private final EmbeddedActiveMQ server;
    private final int port;

    private Broker(EmbeddedActiveMQ server, int port) {
        this.server = server;
        this.port = port;
    }

    /// Starts a broker whose journal is in `home`.
    ///
    /// @param wantedPort 0 for any free one
    public static Broker start(Path home, int wantedPort) {
        int port = wantedPort == 0 ? freePort() : wantedPort;
        try {
            EmbeddedActiveMQ server = new EmbeddedActiveMQ();
            server.setConfiguration(configuration(home, port));
            server.start();
            return new Broker(server, port);
        } catch (Exception failed) {
            throw new EmbeddedPartException(
                    "cannot start the broker on port "
                            + port
                            + ": if the port is taken, choose another with"
                            + " signalbox.embedded.amqp-port (SIGNALBOX_EMBEDDED_AMQP_PORT)",
                    failed);
        }
    }

    public int port() {
        return port;
    }

    /// A broker that gets caught in its own locks, as may happen when connections have fallen
    /// silent, is left behind: its journal bears that, and the process can end.
    @Override
    public void close() {
        Thread stopping = Thread.ofPlatform().daemon().name("broker-stop").start(this::stop);
        try {
            if (!stopping.join(PATIENCE)) {
                LOG.warn("the broker does not stop; it is left behind");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        try {
            server.stop();
        } catch (Exception failed) {
            LOG.warn("the broker did not stop in good order", failed);
        }
    }

    private static Configuration configuration(Path home, int port) throws Exception {
        ConfigurationImpl configuration = new ConfigurationImpl();
        configuration.setName("signalbox");
        configuration.setSecurityEnabled(false);
        configuration.setPersistenceEnabled(true);
        configuration.setJournalType(JournalType.NIO);
        configuration.setJournalDirectory(home.resolve("journal").toString());
        configuration.setBindingsDirectory(home.resolve("bindings").toString());
        configuration.setLargeMessagesDirectory(home.resolve("large-messages").toString());
        configuration.setPagingDirectory(home.resolve("paging").toString());
        configuration.setNodeManagerLockDirectory(home.resolve("lock").toString());
        configuration.setJMXManagementEnabled(false);
        configuration.setMaxDiskUsage(-1);
        configuration.addAcceptorConfiguration(
                "amqp", "tcp://127.0.0.1:" + port + "?protocols=AMQP;amqpCredits=1000");
        configuration.addAddressSetting("#", addressSettings());
        configuration.addQueueConfiguration(
                QueueConfiguration.of(DEAD_LETTERS).setRoutingType(RoutingType.ANYCAST));
        configuration.addQueueConfiguration(
                QueueConfiguration.of(EVENTS)
                        .setRoutingType(RoutingType.ANYCAST)
                        .setRingSize(EVENTS_KEPT));
        return configuration;
    }

    private static AddressSettings addressSettings() {
        AddressSettings settings = new AddressSettings();
        settings.setDefaultAddressRoutingType(RoutingType.ANYCAST);
        settings.setDefaultQueueRoutingType(RoutingType.ANYCAST);
        settings.setAutoCreateAddresses(true);
        settings.setAutoCreateQueues(true);
        settings.setAutoDeleteQueues(false);
        settings.setAutoDeleteAddresses(false);
        settings.setDeadLetterAddress(SimpleString.of(DEAD_LETTERS));
        settings.setExpiryAddress(SimpleString.of(DEAD_LETTERS));
        settings.setMaxDeliveryAttempts(10);
        settings.setRedeliveryDelay(1000);
        return settings;
    }

    private static int freePort() throws EmbeddedPartException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new EmbeddedPartException("no free port", failed);
        }
    }
}
