package dev.signalbox.bench;

import dev.signalbox.app.embedded.PostgresServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The executors that Signalbox is measured beside, each in a process of its own; those that use
/// PostgreSQL each in a new database of one server.
final class Peers implements AutoCloseable {

    static final Map<String, String> TITLES =
            Map.of(
                    "dbos", "DBOS Transact Java 1.1.0-m6, pool 32",
                    "restate", "Restate 1.7.12, 4 partitions",
                    "journal", "hand-written JDBC journal",
                    "insert", "floor: one insert a commit");

    private final List<PeerProcess> present = new ArrayList<>();
    private final Map<String, String> absent = new LinkedHashMap<>();

    Peers(PostgresServer server, Database database) {
        start("dbos", fresh(server, database, "dbos"));
        start(
                "restate",
                PeerProcess.HOME.resolve("restate").toString(),
                Servers.empty(PeerProcess.HOME.resolve("restate-data")).toString());
        start("journal", fresh(server, database, "journal"));
        start("insert", fresh(server, database, "floor"));
    }

    List<PeerProcess> present() {
        return List.copyOf(present);
    }

    /// Those that could not be had, by title, with the reason.
    Map<String, String> absent() {
        return Map.copyOf(absent);
    }

    private void start(String name, String... arguments) {
        PeerProcess peer = PeerProcess.start(name, arguments);
        if (peer.isThere()) {
            present.add(peer);
        } else {
            absent.put(TITLES.get(name), peer.reason());
            peer.close();
        }
    }

    private static String fresh(PostgresServer server, Database database, String name) {
        database.execute("DROP DATABASE IF EXISTS " + name);
        database.execute("CREATE DATABASE " + name);
        return PeersBench.address(server, name);
    }

    @Override
    public void close() {
        present.forEach(PeerProcess::close);
    }
}
