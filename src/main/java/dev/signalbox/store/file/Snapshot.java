package dev.signalbox.store.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// The lines of a snapshot: many to a frame, and at the end one that says how many there are.
final class Snapshot {

    private static final String END = "end ";
    private static final int FRAME = 1 << 20;

    private Snapshot() {}

    /// Lines on their way in. Throws [UncheckedIOException].
    static final class Writer {

        private final Disk.Writing file;
        private final StringBuilder waiting = new StringBuilder();
        private long frame;
        private long lines;

        Writer(Disk.Writing file) {
            this.file = file;
        }

        void add(String line) {
            waiting.append(line).append('\n');
            lines++;
            if (waiting.length() >= FRAME) {
                flush();
            }
        }

        void end() {
            waiting.append(END).append(lines).append('\n');
            flush();
        }

        private void flush() {
            frame++;
            byte[] content = waiting.toString().getBytes(StandardCharsets.UTF_8);
            waiting.setLength(0);
            try {
                file.write(Frame.of(frame, content));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /// Lines on their way out.
    static final class Reader {

        private final Consumer<String> lines;
        private long count;
        private boolean complete;

        Reader(Consumer<String> lines) {
            this.lines = lines;
        }

        void add(String line) {
            if (line.startsWith(END)) {
                complete = Long.parseLong(line.substring(END.length())) == count;
                return;
            }
            count++;
            lines.accept(line);
        }

        /// Whether the end has come, after as many lines as it says.
        boolean complete() {
            return complete;
        }
    }
}
