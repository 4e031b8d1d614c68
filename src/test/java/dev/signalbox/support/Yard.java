package dev.signalbox.support;

import dev.signalbox.app.embedded.Broker;
import dev.signalbox.app.embedded.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Everything that Signalbox stands on, each part real and to be broken: a PostgreSQL and a broker
/// of
/// this yard's own, the network to them, and the service that the tools call.
public final class Yard implements AutoCloseable {

    private static final Path DEFINITIONS =
            Path.of("src", "test", "resources", "faults").toAbsolutePath();

    /// How long a run stays its worker's own: short, so that tests of what comes after are.
    public static final Duration LEASE = Duration.ofSeconds(4);

    private final Path home;
    private final EffectCounter effects = EffectCounter.start(Duration.ofMillis(40));
    private final List<SignalboxProcess> workers = new ArrayList<>();
    private PostgresServer postgres;
    private Broker broker;
    private final TcpProxy toPostgres;
    private final TcpProxy toBroker;

    private final Thread atEnd = new Thread(this::end);

    private Yard(Path home) {
        this.home = home;
        Runtime.getRuntime().addShutdownHook(atEnd);
        startPostgres(0);
        startBroker(0);
        toPostgres = TcpProxy.to(postgres.port());
        toBroker = TcpProxy.to(broker.port());
    }

    public static Yard open(String name) {
        return new Yard(TestServices.directory(name));
    }

    /// A process that reaches database and broker through the proxies. Not started.
    public SignalboxProcess worker(String name) {
        SignalboxProcess worker =
                new SignalboxProcess(home.resolve(name))
                        .with("SIGNALBOX_DEFINITIONS", DEFINITIONS.toString())
                        .with("EFFECTS_URL", effects.url())
                        .with(
                                "QUARKUS_DATASOURCE_REACTIVE_URL",
                                "vertx-reactive:postgresql:" + database(toPostgres.port()))
                        .with(
                                "QUARKUS_DATASOURCE_JDBC_URL",
                                "jdbc:postgresql:" + database(toPostgres.port()))
                        .with("QUARKUS_DATASOURCE_USERNAME", "signalbox")
                        .with("QUARKUS_DATASOURCE_PASSWORD", "signalbox")
                        .with("AMQP_HOST", "127.0.0.1")
                        .with("AMQP_PORT", Integer.toString(toBroker.port()))
                        .with("SIGNALBOX_DATABASE_SILENCE", "PT6S")
                        .with("SIGNALBOX_RUNTIME_LEASE", LEASE.toString())
                        .with("SIGNALBOX_RUNTIME_RENEW", "PT1S")
                        .with("SIGNALBOX_QUEUE_RESEND", "PT3S");
        workers.add(worker);
        return worker;
    }

    private static String database(int port) {
        return "//127.0.0.1:" + port + "/postgres";
    }

    public EffectCounter effects() {
        return effects;
    }

    public TcpProxy toPostgres() {
        return toPostgres;
    }

    public TcpProxy toBroker() {
        return toBroker;
    }

    public void stopPostgres() {
        postgres.close();
    }

    public void startPostgres() {
        startPostgres(postgres.port());
    }

    private void startPostgres(int port) {
        Path data = directory("postgres");
        postgres = PostgresServer.start(data, TestServices.postgresSoftware(), port);
    }

    /// Stops all processes of PostgreSQL in mid-sentence, or lets them go on.
    public void signalPostgres(Signal signal) {
        Path file = home.resolve("postgres").resolve("cluster").resolve("postmaster.pid");
        try {
            signal.toFamily(Long.parseLong(Files.readAllLines(file).getFirst().strip()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public void stopBroker() {
        broker.close();
    }

    public void startBroker() {
        startBroker(broker.port());
    }

    private void startBroker(int port) {
        broker = Broker.start(directory("artemis"), port);
    }

    /// The runs that `worker` holds now, by the database's account.
    public Set<String> heldBy(SignalboxProcess worker) {
        return ids("lease_owner LIKE ?", "worker-" + worker.pid() + "-%");
    }

    /// The runs that somebody holds, or has worked on, since `worker` held them.
    public Set<String> takenOver(Set<String> held, SignalboxProcess worker) {
        Set<String> taken =
                ids(
                        "lease_owner NOT LIKE ? OR status IN ('completed', 'held', 'failed')",
                        "worker-" + worker.pid() + "-%");
        taken.retainAll(held);
        return taken;
    }

    /// Those of `runs` of which nobody knows whether an effect has happened.
    public Set<String> inDoubt(Set<String> runs) {
        Set<String> held = ids("status = ?", "held");
        held.retainAll(runs);
        return held;
    }

    private Set<String> ids(String condition, String parameter) {
        String query = "SELECT id FROM runs WHERE " + condition;
        try (Connection connection =
                        DriverManager.getConnection(
                                "jdbc:postgresql:" + database(postgres.port()), "signalbox", "");
                PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            Set<String> ids = new HashSet<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            return ids;
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atEnd);
        end();
    }

    private void end() {
        workers.forEach(SignalboxProcess::close);
        toPostgres.close();
        toBroker.close();
        broker.close();
        postgres.close();
        effects.close();
    }

    private Path directory(String name) {
        try {
            return Files.createDirectories(home.resolve(name));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
