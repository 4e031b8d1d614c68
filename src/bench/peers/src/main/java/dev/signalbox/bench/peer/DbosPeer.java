package dev.signalbox.bench.peer;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;

/// DBOS Transact for Java, with a pool of 32 connections.
final class DbosPeer implements Peer {

    private static final int POOL = 32;

    private final HikariDataSource pool;
    private final DBOS dbos;
    private final Workflows workflows;

    /// What DBOS makes durable.
    public interface Workflows {
        String steps(int count);
    }

    /// The workflow that is measured.
    public static final class Steps implements Workflows {

        private final DBOS dbos;

        Steps(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow(name = "steps")
        public String steps(int count) {
            for (int step = 0; step < count; step++) {
                dbos.runStep(() -> "{\"ok\":true}", "step-" + step);
            }
            return "done";
        }
    }

    DbosPeer(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(POOL);
        pool = new HikariDataSource(config);
        dbos = new DBOS(DBOSConfig.defaults("bench").withDataSource(pool).withAdminServer(false));
        workflows = dbos.registerProxy(Workflows.class, new Steps(dbos));
        dbos.launch();
    }

    @Override
    public void workflow(int steps) {
        workflows.steps(steps);
    }

    @Override
    public void close() {
        dbos.close();
        pool.close();
    }
}
