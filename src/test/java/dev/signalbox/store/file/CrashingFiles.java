package dev.signalbox.store.file;

import dev.signalbox.store.memory.MemoryDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Random;

/// A file store whose power goes when the test says so.
public final class CrashingFiles implements AutoCloseable {

    private static final long GROWTH = 20_000;

    private final Path directory;
    private final InstantSource clock;
    private final Random random;
    private FailingDisk disk;
    private FileDatabase database;

    public CrashingFiles(Path directory, InstantSource clock, long seed) {
        this.directory = directory;
        this.clock = clock;
        random = new Random(seed);
        disk = new FailingDisk(random.nextLong());
        database = FileDatabase.open(directory, disk, clock, GROWTH);
    }

    public synchronized MemoryDatabase stores() {
        return database.stores();
    }

    /// Loses what was not on the disk, in part, and opens the directory again.
    public synchronized void crash() {
        try {
            disk.crash();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        database.close();
        disk = new FailingDisk(random.nextLong());
        database = FileDatabase.open(directory, disk, clock, GROWTH);
    }

    @Override
    public synchronized void close() {
        database.close();
    }
}
