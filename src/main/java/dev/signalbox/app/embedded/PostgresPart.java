package dev.signalbox.app.embedded;

import dev.signalbox.app.EmbeddedPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/// PostgreSQL inside the application, unless `quarkus.datasource.reactive.url` names another one or
/// the store is not PostgreSQL.
public final class PostgresPart implements EmbeddedPart {

    @Override
    public int order() {
        return 10;
    }

    @Override
    public boolean wanted(Config config) {
        return config.getOptionalValue("quarkus.datasource.reactive.url", String.class).isEmpty()
                && config.getOptionalValue("signalbox.store", String.class)
                        .orElse("postgres")
                        .equals("postgres");
    }

    @Override
    public Running start(Config config) {
        Path home = DataDirectory.of(config, "postgres");
        FileChannel lock = DataDirectory.lock(home);
        int port =
                config.getOptionalValue("signalbox.embedded.postgres-port", Integer.class)
                        .orElse(0);
        Path software =
                config.getOptionalValue("signalbox.embedded.postgres-software", Path.class)
                        .orElse(home.resolve("software"))
                        .toAbsolutePath();
        return new RunningPostgres(PostgresServer.start(home, software, port), lock);
    }

    private record RunningPostgres(PostgresServer server, FileChannel lock) implements Running {

        @Override
        public Map<String, String> configuration() {
            String address = "//127.0.0.1:" + server.port() + "/postgres";
            return Map.of(
                    "quarkus.datasource.reactive.url",
                    "vertx-reactive:postgresql:" + address,
                    "quarkus.datasource.jdbc.url",
                    "jdbc:postgresql:" + address,
                    "quarkus.datasource.username",
                    "signalbox",
                    "quarkus.datasource.password",
                    "signalbox");
        }

        @Override
        public void close() {
            server.close();
            try {
                lock.close();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    }
}
