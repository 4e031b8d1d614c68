package dev.signalbox.bench.peer;

import java.sql.SQLException;
import java.util.UUID;

/// A durable executor as one would write it by hand for one purpose: a run has a row with its head,
/// a step is one statement that moves the head and adds two events, and one commit. No hashes, no
/// policy, no verification, no queue.
record JournalPeer(Connections connections) implements Peer {

    private static final String TABLES =
            """
            CREATE TABLE IF NOT EXISTS hand_runs (
                id uuid PRIMARY KEY, status text NOT NULL, head int NOT NULL, epoch int NOT NULL);
            CREATE TABLE IF NOT EXISTS hand_journal (
                run uuid NOT NULL REFERENCES hand_runs, seq int NOT NULL, type text NOT NULL,
                data text NOT NULL, PRIMARY KEY (run, seq))
            """;

    private static final String BEGIN =
            "INSERT INTO hand_runs (id, status, head, epoch) VALUES (?, 'running', 0, 1)";

    private static final String STEP =
            """
            WITH fenced AS (
                UPDATE hand_runs SET head = head + 2 WHERE id = ? AND epoch = 1 AND head = ?
                RETURNING id, head)
            INSERT INTO hand_journal (run, seq, type, data)
            SELECT id, head - 1, 'step_started', '{}' FROM fenced
             UNION ALL SELECT id, head, 'step_completed', ? FROM fenced
            """;

    private static final String END = "UPDATE hand_runs SET status = 'completed' WHERE id = ?";

    JournalPeer {
        try {
            connections.execute(TABLES);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void workflow(int steps) throws Exception {
        UUID run = UUID.randomUUID();
        connections.use(
                session -> {
                    session.update(BEGIN, run);
                    for (int step = 0; step < steps; step++) {
                        if (session.update(STEP, run, 2 * step, "{\"ok\":true}") != 2) {
                            throw new IllegalStateException("fenced off");
                        }
                    }
                    session.update(END, run);
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
