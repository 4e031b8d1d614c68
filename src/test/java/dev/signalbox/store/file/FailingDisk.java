package dev.signalbox.store.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A disk that keeps what was not forced to itself, as a page cache does: a crash loses any part of
/// it. It can be told to fail.
final class FailingDisk implements Disk {

    private static final int PAGE = 64;

    private final Random random;
    private final List<CachedFile> files = new ArrayList<>();
    private int failures;
    private boolean dead;
    private int forces;
    private Runnable onForce = () -> {};

    FailingDisk(long seed) {
        random = new Random(seed);
    }

    /// The next `count` calls fail, some of them after having written something.
    synchronized void fail(int count) {
        failures = count;
    }

    synchronized int forces() {
        return forces;
    }

    /// Runs before each force.
    synchronized void onForce(Runnable action) {
        onForce = action;
    }

    /// The power goes: what was not forced reaches the files in part, and nothing works any more.
    synchronized void crash() throws IOException {
        dead = true;
        for (CachedFile file : files) {
            file.lose();
        }
    }

    @Override
    public Writing create(Path path) throws IOException {
        synchronized (this) {
            failIfTold();
            Files.write(path, new byte[0]);
            CachedFile file = new CachedFile(path);
            files.add(file);
            return file;
        }
    }

    private void failIfTold() throws IOException {
        if (dead) {
            throw new IOException("no power");
        }
        if (failures > 0) {
            failures--;
            throw new IOException("no space left on the disk");
        }
    }

    private final class CachedFile implements Writing {

        private final Path path;
        private ByteArrayOutputStream cache = new ByteArrayOutputStream();

        CachedFile(Path path) {
            this.path = path;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            synchronized (FailingDisk.this) {
                byte[] copy = new byte[bytes.remaining()];
                bytes.get(copy);
                cache.write(copy, 0, failures > 0 ? random.nextInt(copy.length) : copy.length);
                failIfTold();
            }
        }

        @Override
        public void force() throws IOException {
            Runnable before;
            synchronized (FailingDisk.this) {
                before = onForce;
            }
            before.run();
            synchronized (FailingDisk.this) {
                if (failures > 0 && random.nextBoolean()) {
                    lose();
                }
                failIfTold();
                forces++;
                flush(cache.toByteArray());
            }
        }

        @Override
        public void close() {}

        /// Some pages of the cache reach the file, others do not, and it may end anywhere.
        private void lose() throws IOException {
            byte[] left = cache.toByteArray();
            byte[] torn = Arrays.copyOf(left, left.length == 0 ? 0 : random.nextInt(left.length + 1));
            for (int page = 0; page < torn.length; page += PAGE) {
                if (random.nextBoolean()) {
                    Arrays.fill(torn, page, Math.min(page + PAGE, torn.length), (byte) 0);
                }
            }
            flush(torn);
        }

        private void flush(byte[] bytes) throws IOException {
            try {
                Files.write(path, bytes, StandardOpenOption.APPEND);
            } catch (NoSuchFileException _) {
                // Removed or renamed meanwhile, as old files are.
            }
            cache = new ByteArrayOutputStream();
        }
    }
}
