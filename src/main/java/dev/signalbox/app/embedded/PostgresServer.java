package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// A PostgreSQL server of our own, on loopback, durable (`fsync` on).
///
/// The server process outlives a killed JVM: [#start] stops the one that it finds on its data
/// directory before it starts a new one.
public final class PostgresServer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(PostgresServer.class);
    private static final long PATIENCE_SECONDS = 60;

    /// The file that says that a directory holds the software.
    public static final String UNPACKED = ".unpacked";

    private final Path bin;
    private final Path data;
    private final int port;

    private PostgresServer(Path bin, Path data, int port) {
        this.bin = bin;
        this.data = data;
        this.port = port;
    }

    /// Starts a server on `home`, creating its database cluster there the first time.
    ///
    /// @param software where PostgreSQL itself is, or is unpacked to
    /// @param wantedPort 0 for any free one
    public static PostgresServer start(Path home, Path software, int wantedPort) {
        Path bin = PostgresBinaries.unpack(software);
        PostgresServer server =
                new PostgresServer(
                        bin, home.resolve("cluster"), wantedPort == 0 ? freePort() : wantedPort);
        server.initialise();
        server.stopLeftOver();
        server.run(
                "pg_ctl",
                "-D",
                server.data.toString(),
                "-l",
                home.resolve("server.log").toString(),
                "-w",
                "-t",
                Long.toString(PATIENCE_SECONDS),
                "-o",
                server.options(),
                "start");
        return server;
    }

    /// Stops what a killed process left running on `home`, if anything.
    public static void stopLeftOver(Path home, Path software) {
        new PostgresServer(software.resolve("bin"), home.resolve("cluster"), 0).stopLeftOver();
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        stop();
    }

    private String options() {
        return "-p "
                + port
                + " -c listen_addresses=127.0.0.1 -c unix_socket_directories="
                + " -c max_connections=100 -c timezone=UTC";
    }

    private void initialise() {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        Path fresh = data.resolveSibling("cluster.new");
        deleteTree(fresh);
        run(
                "initdb",
                "-A",
                "trust",
                "-U",
                "signalbox",
                "-E",
                "UTF-8",
                "--no-locale",
                "-D",
                fresh.toString());
        try {
            Files.move(fresh, data);
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot move the new database to " + data, failed);
        }
    }

    private void stopLeftOver() {
        if (Files.exists(data.resolve("postmaster.pid"))) {
            LOG.info("stopping the PostgreSQL that the last run left behind");
            stop();
        }
    }

    private void stop() {
        try {
            run(
                    "pg_ctl",
                    "-D",
                    data.toString(),
                    "-m",
                    "fast",
                    "-w",
                    "-t",
                    Long.toString(PATIENCE_SECONDS),
                    "stop");
        } catch (EmbeddedPartException notRunning) {
            LOG.debugf("PostgreSQL did not stop: %s", notRunning.getMessage());
        }
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            // PostgreSQL refuses to run as root; in a user namespace of its own it is nobody.
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (!process.waitFor(2 * PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new EmbeddedPartException(program + " did not finish in time");
            }
            if (process.exitValue() != 0) {
                throw new EmbeddedPartException(
                        program
                                + " failed; see server.log beside "
                                + data
                                + (isRoot() ? " (as root it needs 'unshare' of util-linux)" : ""));
            }
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot run " + program, failed);
        } catch (InterruptedException failed) {
            Thread.currentThread().interrupt();
            throw new EmbeddedPartException(program + " was interrupted", failed);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new EmbeddedPartException("no free port", failed);
        }
    }

    private static void deleteTree(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (var tree = Files.walk(directory)) {
            for (Path path : tree.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(path);
            }
        } catch (IOException failed) {
            throw new EmbeddedPartException("cannot delete " + directory, failed);
        }
    }
}
