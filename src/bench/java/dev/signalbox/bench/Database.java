package dev.signalbox.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.Driver;

/// A PostgreSQL server as the meter sees it, through a connection of its own.
final class Database implements AutoCloseable {

    /// Transactions that wrote are counted by their ids, which are exact at once; the server's
    /// own statistics lag behind by up to ten seconds.
    private static final String READ =
            """
            SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                   (pg_current_wal_insert_lsn() - '0/0')::bigint,
                   (SELECT coalesce(sum(pg_total_relation_size(oid)), 0)::bigint FROM pg_class
                     WHERE relkind = 'r' AND relnamespace NOT IN
                           ('pg_catalog'::regnamespace, 'information_schema'::regnamespace))
            """;

    /// Counters that only grow.
    ///
    /// @param cpuNanos of all of the server's processes
    /// @param commits transactions that wrote something
    record Reading(long cpuNanos, long commits, long walBytes, long tableBytes) {

        Reading minus(Reading before) {
            return new Reading(
                    cpuNanos - before.cpuNanos,
                    commits - before.commits,
                    walBytes - before.walBytes,
                    tableBytes - before.tableBytes);
        }
    }

    private final Connection connection;
    private final long server;

    Database(String url) {
        Properties user = new Properties();
        user.setProperty("user", "signalbox");
        user.setProperty("password", "signalbox");
        try {
            connection = new Driver().connect(url, user);
            server = Machine.parent(number("SELECT pg_backend_pid()"));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    Reading read() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(READ)) {
            row.next();
            return new Reading(
                    Machine.familyNanos(server), row.getLong(1), row.getLong(2), row.getLong(3));
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /// Runs statements; answers how many rows the last one changed.
    int execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    long number(String sql) {
        return Long.parseLong(text(sql));
    }

    String text(String sql) {
        return texts(sql).getFirst();
    }

    /// The first column.
    List<String> texts(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException failed) {
            throw new IllegalStateException(sql, failed);
        }
    }

    String version() {
        return "PostgreSQL " + text("SHOW server_version").split(" ", 2)[0];
    }

    /// The settings that a commit's price depends on.
    String settings() {
        return "fsync "
                + text("SHOW fsync")
                + ", synchronous_commit "
                + text("SHOW synchronous_commit")
                + ", shared_buffers "
                + text("SHOW shared_buffers")
                + ", max_wal_size "
                + text("SHOW max_wal_size");
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
