package dev.signalbox.bench.peer;

import java.sql.SQLException;
import java.util.UUID;

/// The physical floor: a step is one inserted row and its commit, and nothing else happens.
record InsertPeer(Connections connections) implements Peer {

    private static final String TABLE =
            "CREATE TABLE IF NOT EXISTS floor (run uuid, step int, result text, PRIMARY KEY (run, step))";
    private static final String INSERT = "INSERT INTO floor (run, step, result) VALUES (?, ?, ?)";

    InsertPeer {
        try {
            connections.execute(TABLE);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void workflow(int steps) throws Exception {
        UUID run = UUID.randomUUID();
        connections.use(
                session -> {
                    for (int step = 0; step < steps; step++) {
                        session.update(INSERT, run, step, "{\"ok\":true}");
                    }
                });
    }

    @Override
    public void prepare(int concurrency) throws Exception {
        connections.open(concurrency);
    }

    @Override
    public void rest() throws Exception {
        connections.close();
    }

    @Override
    public void close() throws Exception {
        connections.close();
    }
}
