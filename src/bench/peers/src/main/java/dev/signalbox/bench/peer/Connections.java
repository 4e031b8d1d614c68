package dev.signalbox.bench.peer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Connections in autocommit, at most 64, with their prepared statements; whoever comes when all
/// are out waits.
final class Connections implements AutoCloseable {

    private static final int MOST = 64;

    private final String url;
    private final BlockingQueue<Session> free = new LinkedBlockingQueue<>();

    /// One connection, used by one caller at a time.
    record Session(Connection connection, Map<String, PreparedStatement> statements) {

        /// Runs a statement that changes rows; answers how many.
        int update(String sql, Object... parameters) throws SQLException {
            PreparedStatement statement = statements.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                statements.put(sql, statement);
            }
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        }
    }

    interface Work {
        void with(Session session) throws SQLException;
    }

    Connections(String url) {
        this.url = url;
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /// Opens one for each caller, as far as there may be so many.
    void open(int callers) throws SQLException {
        while (free.size() < Math.min(callers, MOST)) {
            free.add(new Session(DriverManager.getConnection(url), new HashMap<>()));
        }
    }

    /// Lends a connection for one piece of work.
    void use(Work work) throws SQLException, InterruptedException {
        Session session = free.take();
        try {
            work.with(session);
        } finally {
            free.add(session);
        }
    }

    /// Closes all that are not lent.
    @Override
    public void close() throws SQLException {
        for (Session session = free.poll(); session != null; session = free.poll()) {
            session.connection().close();
        }
    }
}
