package dev.signalbox.bench;

import static java.nio.file.StandardOpenOption.APPEND;

import dev.signalbox.app.embedded.PostgresServer;
import dev.signalbox.support.TestServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// New PostgreSQL servers, with the settings of the embedded one. With `-Dbench.profile` they count
/// what each statement costs; `-Dbench.postgres=DIR` takes the installation whose `bin` is in DIR.
final class Servers {

    private static final Path HOME = Path.of("target", "bench").toAbsolutePath();
    private static final String PORT_OF_THE_APPLICATION = "signalbox.test.postgres-port";

    private Servers() {}

    /// Starts the server that the application will use; once in a JVM.
    static void forTheApplication() {
        // The properties are what all class loaders share.
        synchronized (System.getProperties()) {
            if (System.getProperty(PORT_OF_THE_APPLICATION) == null) {
                PostgresServer server = start("postgres");
                Runtime.getRuntime().addShutdownHook(new Thread(server::close));
                System.setProperty(PORT_OF_THE_APPLICATION, Integer.toString(server.port()));
            }
        }
    }

    /// Starts a server without any past.
    static PostgresServer start(String name) {
        Path home = HOME.resolve(name);
        Path software = software();
        PostgresServer.stopLeftOver(home, software);
        empty(home);
        PostgresServer server = PostgresServer.start(home, software, 0);
        if (System.getProperty("bench.profile") == null) {
            return server;
        }
        server.close();
        try {
            Files.writeString(
                    home.resolve("cluster").resolve("postgresql.conf"),
                    "shared_preload_libraries = 'pg_stat_statements'\n",
                    APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return PostgresServer.start(home, software, 0);
    }

    private static Path software() {
        String installed = System.getProperty("bench.postgres");
        if (installed == null) {
            return TestServices.postgresSoftware();
        }
        Path software = empty(HOME.resolve("software"));
        try {
            Files.createSymbolicLink(software.resolve("bin"), Path.of(installed, "bin"));
            Files.createFile(software.resolve(PostgresServer.UNPACKED));
            return software;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// The directory, with nothing in it.
    static Path empty(Path directory) {
        try {
            if (Files.exists(directory)) {
                try (Stream<Path> all = Files.walk(directory)) {
                    for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(path);
                    }
                }
            }
            return Files.createDirectories(directory).toAbsolutePath();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
