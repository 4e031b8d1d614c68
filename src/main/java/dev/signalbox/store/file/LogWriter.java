package dev.signalbox.store.file;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Writes lines to the files of a log, in the order in which they came.
///
/// Everything that waits while the disk is busy becomes the next frame: one fsync for all of it, and
/// none waits for others to come. A disk that fails loses nothing: what is not on it yet is written
/// again to a new file, once a second, until it is, and whoever asked waits as long.
final class LogWriter implements AutoCloseable {

    private static final Logger LOG = System.getLogger(LogWriter.class.getName());

    private static final int ENOUGH_FOR_A_FRAME = 8 << 20;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final Disk disk;
    private final LongFunction<Path> paths;
    private final Thread thread;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition there = lock.newCondition();

    /// In order; the first of them may be in the writer's hands.
    private final Deque<Work> queue = new ArrayDeque<>();

    private long position;
    private boolean closing;

    private Disk.@Nullable Writing file;
    private long number;
    private long frame;
    private long end;
    private volatile Optional<String> trouble = Optional.empty();

    private sealed interface Work {
        CompletableFuture<?> done();
    }

    /// A new file.
    private record Turn(CompletableFuture<Long> done) implements Work {}

    /// Lines that become one frame.
    private static final class Batch implements Work {

        private final List<String> lines = new ArrayList<>();
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private long last;
        private int size;
        private boolean taken;

        void add(String line, long position) {
            lines.add(line);
            last = position;
            size += line.length() + 1;
        }

        @Override
        public CompletableFuture<Void> done() {
            return done;
        }

        boolean has(long position) {
            return position <= last && position > last - lines.size();
        }

        boolean open() {
            return !taken && size < ENOUGH_FOR_A_FRAME;
        }

        byte[] content() {
            return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        }
    }

    /// @param before the last file that there is; a new one is begun behind it
    /// @param end how many bytes of it count
    LogWriter(Disk disk, LongFunction<Path> paths, long before, long end) throws IOException {
        this.disk = disk;
        this.paths = paths;
        number = before;
        this.end = end;
        begin();
        thread = Thread.ofPlatform().daemon().name("signalbox-log").start(this::write);
    }

    /// Takes a line to write; answers its position, which grows with every line.
    long append(String line) {
        lock.lock();
        try {
            refuseIfClosed();
            position++;
            open().add(line, position);
            there.signal();
            return position;
        } finally {
            lock.unlock();
        }
    }

    private Batch open() {
        if (queue.peekLast() instanceof Batch last && last.open()) {
            return last;
        }
        Batch next = new Batch();
        queue.addLast(next);
        return next;
    }

    /// Position of the last line that was taken.
    long position() {
        lock.lock();
        try {
            return position;
        } finally {
            lock.unlock();
        }
    }

    /// Completes when every line up to `position` is on the disk.
    CompletableFuture<Void> durable(long position) {
        lock.lock();
        try {
            for (Work work : queue) {
                if (work instanceof Batch batch && batch.has(position)) {
                    return batch.done;
                }
            }
            return CompletableFuture.completedFuture(null);
        } finally {
            lock.unlock();
        }
    }

    /// Begins a new file; completes with its number when it is there. The lines that were appended
    /// before are in older files, those after in this one or in one behind it.
    CompletableFuture<Long> turn() {
        lock.lock();
        try {
            refuseIfClosed();
            Turn turn = new Turn(new CompletableFuture<>());
            queue.addLast(turn);
            there.signal();
            return turn.done();
        } finally {
            lock.unlock();
        }
    }

    /// What keeps the disk from taking lines now, if anything does.
    Optional<String> trouble() {
        return trouble;
    }

    /// Writes what waits, if the disk takes it, and stops.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            there.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void refuseIfClosed() {
        if (closing) {
            throw new IllegalStateException("the log is closed");
        }
    }

    private void write() {
        try {
            for (Optional<Work> next = next(); next.isPresent(); next = next()) {
                carryOut(next.get());
            }
        } catch (InterruptedException | IOException | RuntimeException | Error failure) {
            LOG.log(Level.ERROR, "the log has ended with lines unwritten", failure);
            abandon(failure);
        } finally {
            closeFile();
        }
    }

    /// What to do next; nothing if the log is closing and everything is done.
    private Optional<Work> next() throws InterruptedException {
        lock.lock();
        try {
            while (queue.isEmpty() && !closing) {
                there.await();
            }
            if (queue.peekFirst() instanceof Batch batch) {
                batch.taken = true;
            }
            return Optional.ofNullable(queue.peekFirst());
        } finally {
            lock.unlock();
        }
    }

    private void carryOut(Work work) throws IOException, InterruptedException {
        switch (work) {
            case Turn(CompletableFuture<Long> done) -> {
                retrying(this::begin);
                finished();
                done.complete(number);
            }
            case Batch batch -> {
                byte[] content = batch.content();
                retrying(() -> put(content));
                finished();
                batch.done.complete(null);
            }
        }
    }

    private void finished() {
        lock.lock();
        try {
            queue.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private void abandon(Throwable failure) {
        List<Work> left;
        lock.lock();
        try {
            closing = true;
            left = List.copyOf(queue);
        } finally {
            lock.unlock();
        }
        left.forEach(work -> work.done().completeExceptionally(failure));
    }

    private void put(byte[] content) throws IOException {
        Disk.Writing open = file;
        if (open == null) {
            open = begin();
        }
        open.write(Frame.of(frame + 1, content));
        open.force();
        frame++;
        end += Frame.HEADER + content.length;
    }

    /// Leaves the file at its last whole frame and begins the next. The number only moves when the
    /// next has its header, for that says where this one ends.
    private Disk.Writing begin() throws IOException {
        closeFile();
        Disk.Writing next = disk.create(paths.apply(number + 1));
        file = next;
        next.write(new LogHeader(number + 1, end).bytes());
        next.force();
        number++;
        end = LogHeader.LENGTH;
        frame = 0;
        return next;
    }

    private void closeFile() {
        try (Disk.Writing _ = file) {
            file = null;
        } catch (IOException failure) {
            LOG.log(Level.WARNING, "a log file could not be closed", failure);
        }
    }

    private interface Attempt {
        void run() throws IOException;
    }

    private void retrying(Attempt attempt) throws IOException, InterruptedException {
        while (!succeeded(attempt)) {
            Thread.sleep(AFTER_FAILURE);
        }
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            LOG.log(Level.INFO, "the log is written again");
        }
    }

    /// @throws IOException if there is no time to try again
    private boolean succeeded(Attempt attempt) throws IOException {
        try {
            attempt.run();
            return true;
        } catch (IOException failure) {
            closeFile();
            if (isClosing()) {
                throw failure;
            }
            if (trouble.isEmpty()) {
                LOG.log(Level.ERROR, "the log cannot be written, trying again", failure);
            }
            trouble = Optional.of(String.valueOf(failure.getMessage()));
            return false;
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }
}
