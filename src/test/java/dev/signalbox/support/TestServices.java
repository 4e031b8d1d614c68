package dev.signalbox.support;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.signalbox.app.embedded.Broker;
import dev.signalbox.app.embedded.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// One PostgreSQL and one broker for all tests of this JVM, on free ports, started by the first
/// test
/// that asks and stopped with the JVM.
///
/// Quarkus loads test classes by more than one class loader; the system properties are where they
/// meet.
public final class TestServices {

    private static final String POSTGRES_PORT = "signalbox.test.postgres-port";
    private static final String AMQP_PORT = "signalbox.test.amqp-port";
    private static final Path ROOT = Path.of("target", "test-services").toAbsolutePath();

    private TestServices() {}

    /// Where the tests unpack PostgreSQL once for all builds of this directory.
    public static Path postgresSoftware() {
        return ROOT.resolve("software");
    }

    /// A directory below `target` that is this JVM's own.
    public static Path directory(String name) {
        Path directory = ROOT.resolve("jvm-" + ProcessHandle.current().pid()).resolve(name);
        try {
            return Files.createDirectories(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The port of the PostgreSQL server. User `signalbox`, any password.
    public static int postgresPort() {
        return once(POSTGRES_PORT, TestServices::startPostgres);
    }

    /// The port of the AMQP 1.0 broker. Everybody may send and receive.
    public static int amqpPort() {
        return once(AMQP_PORT, TestServices::startBroker);
    }

    /// Creates an empty database; answers its name.
    public static String newDatabase(String prefix) {
        String name = prefix + "_" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        try (Connection connection =
                        DriverManager.getConnection(jdbcUrl("postgres"), "signalbox", "signalbox");
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
            return name;
        } catch (SQLException failed) {
            throw new IllegalStateException("cannot create the database " + name, failed);
        }
    }

    public static String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + postgresPort() + "/" + database;
    }

    public static String reactiveUrl(String database) {
        return "vertx-reactive:postgresql://127.0.0.1:" + postgresPort() + "/" + database;
    }

    private interface Starter {
        int start() throws IOException;
    }

    private static int once(String property, Starter starter) {
        // The property map is the one object that all class loaders share.
        synchronized (System.getProperties()) {
            Integer port = Integer.getInteger(property);
            if (port == null) {
                try {
                    port = starter.start();
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
                System.setProperty(property, Integer.toString(port));
            }
            return port;
        }
    }

    private static int startPostgres() throws IOException {
        Path home = freeHome();
        PostgresServer server = PostgresServer.start(home, postgresSoftware(), 0);
        atEnd(server);
        return server.port();
    }

    /// The first home that no other JVM uses: a cluster is made once and used by many builds.
    private static Path freeHome() throws IOException {
        for (int number = 0; ; number++) {
            Path home = Files.createDirectories(ROOT.resolve("postgres-" + number));
            FileChannel channel = FileChannel.open(home.resolve("lock"), CREATE, WRITE);
            if (channel.tryLock() != null) {
                atEnd(channel);
                return home;
            }
            channel.close();
        }
    }

    private static int startBroker() {
        Broker broker = Broker.start(directory("artemis"), 0);
        atEnd(broker);
        return broker.port();
    }

    private static void atEnd(AutoCloseable part) {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    try {
                                        part.close();
                                    } catch (Exception failed) {
                                        System.err.println(
                                                "a test service did not stop: " + failed);
                                    }
                                }));
    }
}
