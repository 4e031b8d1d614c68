package dev.signalbox.store.file;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// One write of a log file: everything between two fsyncs, under one checksum. A crash in the middle
/// of it makes it as if it had never been, whichever of its pages reached the disk.
///
/// Layout, big-endian: magic (4 bytes), number in its file from 1 (8), length of the content (4),
/// CRC-32C of number, length and content (4), content.
final class Frame {

    /// Bytes before the content.
    static final int HEADER = 20;

    /// Most bytes of content.
    static final int MAX_CONTENT = 1 << 30;

    static final int MAGIC = 0x5B0CF7A1;

    private static final int CHECKED = 4;
    private static final int CHECKSUM = 16;

    private Frame() {}

    /// The frame around `content`, ready to be written.
    static ByteBuffer of(long number, byte[] content) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + content.length);
        frame.putInt(MAGIC).putLong(number).putInt(content.length);
        frame.putInt(checksum(number, content)).put(content);
        return frame.flip();
    }

    /// Whether a sound frame begins at `at`.
    static boolean soundAt(ByteBuffer file, int at) {
        if (file.limit() - at < HEADER || file.getInt(at) != MAGIC) {
            return false;
        }
        int length = file.getInt(at + CHECKED + Long.BYTES);
        if (length < 0 || length > file.limit() - at - HEADER) {
            return false;
        }
        byte[] content = new byte[length];
        file.get(at + HEADER, content);
        return file.getInt(at + CHECKSUM) == checksum(file.getLong(at + CHECKED), content);
    }

    static int checksum(long number, byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(
                ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                        .putLong(number)
                        .putInt(content.length)
                        .flip());
        sum.update(content);
        return (int) sum.getValue();
    }
}
