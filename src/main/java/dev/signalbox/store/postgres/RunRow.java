package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.wire.JsonCodec;
import dev.signalbox.wire.RecordCodec;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Instant;
import java.util.Optional;

/// A run's summary in its row, and back.
final class RunRow {

    /// The columns that [#summary(Row)] reads.
    static final String COLUMNS = "id, status, identity, progress, head_seq, head_hash, attention";

    private RunRow() {}

    /// What `progress` holds: all of a summary that is neither identity nor a column.
    record Progress(
            Optional<Digest> output,
            Optional<RunError> error,
            Optional<Instant> startedAt,
            Instant updatedAt,
            Optional<Instant> finishedAt,
            Optional<WaitingOn> waitingOn,
            Optional<Hold> hold,
            Usage usage) {}

    static String identity(RunSummary run) {
        return RecordCodec.encode(run.identity()).canonical();
    }

    static String progress(RunSummary run) {
        return RecordCodec.encode(
                        new Progress(
                                run.output(),
                                run.error(),
                                run.startedAt(),
                                run.updatedAt(),
                                run.finishedAt(),
                                run.waitingOn(),
                                run.hold(),
                                run.usage()))
                .canonical();
    }

    static RunSummary summary(Row row) {
        RunIdentity identity = decode(RunIdentity.class, row, "identity");
        Progress progress = decode(Progress.class, row, "progress");
        return new RunSummary(
                identity,
                status(row),
                progress.output(),
                progress.error(),
                progress.startedAt(),
                progress.updatedAt(),
                progress.finishedAt(),
                progress.waitingOn(),
                progress.hold(),
                progress.usage(),
                row.getLong("head_seq"),
                new Digest(row.getString("head_hash")));
    }

    static RunStatus status(Row row) {
        return Sql.constant(RunStatus.class, row.getString("status"));
    }

    private static <T> T decode(Class<T> type, Row row, String column) {
        return RecordCodec.decode(type, JsonCodec.parse(row.getString(column)));
    }
}
