package dev.signalbox.store.file;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.store.Caller;
import dev.signalbox.store.memory.Change;
import dev.signalbox.store.memory.ChangeLog;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.wire.JsonCodec;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The stores of one directory.
///
/// Everything is in memory, and every change is in the log before anybody hears of it: a call answers
/// when all that it has seen or done is on the disk. When the log has grown to a multiple of what it
/// says, it is written anew from memory, beside the work that goes on.
public final class FileDatabase implements AutoCloseable {

    private static final Logger LOG = System.getLogger(FileDatabase.class.getName());

    private final WriteAheadLog log;
    private final MemoryDatabase stores;
    private final long growth;
    private final AtomicLong sinceCompacted = new AtomicLong();
    private final AtomicLong limit = new AtomicLong();
    private final AtomicBoolean compacting = new AtomicBoolean();
    private volatile CompletableFuture<Void> compaction = CompletableFuture.completedFuture(null);

    private FileDatabase(Path directory, Disk disk, InstantSource clock, long growth) {
        this.growth = growth;
        stores = new MemoryDatabase(clock, new Log());
        log = new WriteAheadLog(directory, disk, this::restore);
        WriteAheadLog.Sizes sizes = log.sizes();
        sinceCompacted.set(sizes.log());
        limit.set(Math.max(growth, sizes.snapshot()));
    }

    /// Opens the stores of `directory`, which is made if it is not there.
    ///
    /// @param growth bytes that the log may grow by, at least, before it is written anew
    /// @throws IllegalStateException if another process has it open
    /// @throws LogDamagedException if it has lost something that it had promised to keep
    public static FileDatabase open(Path directory, InstantSource clock, long growth) {
        return open(directory, Disk.FILES, clock, growth);
    }

    static FileDatabase open(Path directory, Disk disk, InstantSource clock, long growth) {
        return new FileDatabase(directory, disk, clock, growth);
    }

    public MemoryDatabase stores() {
        return stores;
    }

    /// What keeps the disk from taking changes now, if anything does: calls wait for it.
    public Optional<String> trouble() {
        return log.trouble();
    }

    /// Writes what waits, and lets the directory go.
    @Override
    public void close() {
        log.stop();
        compaction.join();
        log.close();
    }

    /// Every change of one call is one line, so that they are kept all or none.
    private final class Log implements ChangeLog {

        @Override
        public boolean keeps() {
            return true;
        }

        @Override
        public long append(List<Change> changes) {
            return changes.isEmpty() ? log.position() : log.append(counted(line(changes)));
        }

        @Override
        public <T> Uni<T> durable(long position, T answer) {
            CompletableFuture<Void> kept = log.durable(position);
            return kept.isDone() && !kept.isCompletedExceptionally()
                    ? Uni.createFrom().item(answer)
                    : Caller.answered(
                            Uni.createFrom().completionStage(kept).map(_ -> answer));
        }
    }

    private String counted(String line) {
        if (sinceCompacted.addAndGet(line.length()) > limit.get()
                && compacting.compareAndSet(false, true)) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            compaction = done;
            Thread.ofVirtual().name("signalbox-compaction").start(() -> compact(done));
        }
        return line;
    }

    private void compact(CompletableFuture<Void> done) {
        try {
            sinceCompacted.set(0);
            log.compact(lines -> stores.everything(changes -> lines.accept(line(changes))));
            limit.set(Math.max(growth, log.sizes().snapshot()));
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.ERROR, "the log could not be written anew, and goes on as it is", failure);
        } finally {
            compacting.set(false);
            done.complete(null);
        }
    }

    private static String line(List<Change> changes) {
        return new JsonArray(changes.stream().map(FileDatabase::written).toList()).canonical();
    }

    private static Json written(Change change) {
        return new JsonArray(
                Stream.concat(
                                Stream.of(Json.text(change.table()), Json.text(change.key())),
                                change.row().stream())
                        .toList());
    }

    private void restore(String line) {
        for (Json change : ((JsonArray) JsonCodec.parse(line)).items()) {
            List<Json> parts = ((JsonArray) change).items();
            stores.restore(
                    new Change(
                            text(parts.get(0)),
                            text(parts.get(1)),
                            parts.stream().skip(2).findFirst()));
        }
    }

    private static String text(Json json) {
        return ((JsonText) json).value();
    }
}
