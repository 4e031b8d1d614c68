package dev.signalbox.app;

import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.AnnouncingRunStore;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.RunNews;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.AuditStore;
import dev.signalbox.store.Backlogs;
import dev.signalbox.store.Broadcasts;
import dev.signalbox.store.BulkStore;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.EventOutbox;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.LegalHolds;
import dev.signalbox.store.Retention;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.file.FileDatabase;
import dev.signalbox.store.file.LogDamagedException;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.store.postgres.PostgresDatabase;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import io.vertx.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;

/// The backend that `signalbox.store` names, as beans.
@ApplicationScoped
class Stores {

    private enum Kind {
        POSTGRES,
        FILE,
        MEMORY
    }

    private record Backend(
            RunStore runs,
            RunLeases leases,
            RunInbox inbox,
            ApprovalInbox approvals,
            AuditStore audit,
            DefinitionStore definitions,
            Backlogs backlogs,
            JobStore jobs,
            Broadcasts broadcasts,
            Retention retention,
            LegalHolds holds,
            EventOutbox outbox,
            BulkStore bulks) {}

    /// Neither pool, nor entities, nor migrations.
    static final Map<String, String> NO_DATABASE =
            Map.of(
                    "quarkus.datasource.active", "false",
                    "quarkus.hibernate-orm.active", "false",
                    "quarkus.flyway.active", "false");

    private static final String DIRECTORY = "store";

    private final Optional<FileDatabase> files;
    private final Backend backend;
    private final RunMetrics metrics;

    Stores(
            Config config,
            Instance<Pool> pool,
            Vertx vertx,
            InstantSource clock,
            RunMetrics metrics) {
        this.metrics = metrics;
        Kind kind = kind(config);
        files = kind == Kind.FILE ? Optional.of(files(config, clock)) : Optional.empty();
        backend =
                switch (kind) {
                    case POSTGRES -> postgres(new PostgresDatabase(pool.get(), vertx));
                    case FILE -> memory(files.orElseThrow().stores());
                    case MEMORY -> memory(new MemoryDatabase(clock));
                };
    }

    /// @throws ConfigurationException if another process has the directory, or it is damaged
    private static FileDatabase files(Config config, InstantSource clock) {
        Path data = Path.of(config.getValue("signalbox.data-dir", String.class));
        long growth = config.getValue("signalbox.file.growth", MemorySize.class).asLongValue();
        try {
            return FileDatabase.open(data.resolve(DIRECTORY).toAbsolutePath(), clock, growth);
        } catch (IllegalStateException taken) {
            throw new ConfigurationException(
                    taken.getMessage() + "; choose another one with signalbox.data-dir", taken);
        } catch (LogDamagedException damaged) {
            throw new ConfigurationException(damaged.getMessage(), damaged);
        }
    }

    @PreDestroy
    void close() {
        files.ifPresent(FileDatabase::close);
    }

    /// Runs without a database if the store needs none. Comes before the application starts.
    ///
    /// @throws ConfigurationException if there is no such store
    static void leaveOutUnused(Config config) {
        switch (kind(config)) {
            case POSTGRES -> {}
            case FILE, MEMORY -> NO_DATABASE.forEach(System::setProperty);
        }
    }

    private static Kind kind(Config config) {
        String store = config.getOptionalValue("signalbox.store", String.class).orElse("");
        return switch (store) {
            case "postgres" -> Kind.POSTGRES;
            case "file" -> Kind.FILE;
            case "memory" -> Kind.MEMORY;
            default ->
                    throw new ConfigurationException(
                            "signalbox.store is '" + store + "'; expected postgres, file or memory");
        };
    }

    private static Backend postgres(PostgresDatabase database) {
        return new Backend(
                database.runs(),
                database.leases(),
                database.inbox(),
                database.approvals(),
                database.audit(),
                database.definitions(),
                database.backlogs(),
                database.jobs(),
                database.broadcasts(),
                database.retention(),
                database.holds(),
                database.outbox(),
                database.bulks());
    }

    private static Backend memory(MemoryDatabase database) {
        return new Backend(
                database.runs(),
                database.leases(),
                database.inbox(),
                database.approvals(),
                database.audit(),
                database.definitions(),
                database.backlogs(),
                database.jobs(),
                Broadcasts.NONE,
                database.retention(),
                database.holds(),
                database.outbox(),
                database.bulks());
    }

    @Produces
    @ApplicationScoped
    RunStore runs(RunNews news, Relay relay) {
        return new AnnouncingRunStore(metrics.observed(backend.runs()), news, relay);
    }

    @Produces
    @ApplicationScoped
    RunLeases leases() {
        return metrics.observed(backend.leases());
    }

    @Produces
    @ApplicationScoped
    RunInbox inbox() {
        return metrics.observed(backend.inbox());
    }

    @Produces
    @ApplicationScoped
    ApprovalInbox approvals() {
        return metrics.observed(backend.approvals());
    }

    @Produces
    @ApplicationScoped
    AuditStore audit() {
        return backend.audit();
    }

    @Produces
    @ApplicationScoped
    DefinitionStore definitions() {
        return backend.definitions();
    }

    @Produces
    @ApplicationScoped
    JobStore jobs() {
        return metrics.observed(backend.jobs());
    }

    @Produces
    @ApplicationScoped
    Retention retention() {
        return backend.retention();
    }

    @Produces
    @ApplicationScoped
    LegalHolds holds() {
        return backend.holds();
    }

    @Produces
    @ApplicationScoped
    EventOutbox outbox() {
        return backend.outbox();
    }

    @Produces
    @ApplicationScoped
    BulkStore bulks() {
        return backend.bulks();
    }

    @Produces
    @ApplicationScoped
    Backlogs backlogs() {
        return backend.backlogs();
    }

    @Produces
    @ApplicationScoped
    Broadcasts broadcasts() {
        return backend.broadcasts();
    }
}
