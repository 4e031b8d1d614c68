package dev.signalbox.store.file;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// The first bytes of a log file.
///
/// @param number of the file: a log's files are read in the order of their numbers
/// @param before how many bytes of the file before this one count; what follows them there was given
///     up because the disk failed, and was written here instead. 0 if there is none before
record LogHeader(long number, long before) {

    static final int LENGTH = 28;

    private static final long MAGIC = 0x53425857_414C3031L; // "SBXWAL01"

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).putLong(MAGIC).putLong(number);
        bytes.putLong(before);
        return bytes.putInt(checksum(bytes)).flip();
    }

    /// The header at the beginning of `file`, if it is one and whole.
    static Optional<LogHeader> read(DataInputStream file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(file.readNBytes(LENGTH));
        if (bytes.remaining() < LENGTH
                || bytes.getLong() != MAGIC
                || bytes.getInt(LENGTH - Integer.BYTES) != checksum(bytes)) {
            return Optional.empty();
        }
        return Optional.of(new LogHeader(bytes.getLong(), bytes.getLong()));
    }

    private static int checksum(ByteBuffer header) {
        CRC32C sum = new CRC32C();
        sum.update(header.slice(0, LENGTH - Integer.BYTES));
        return (int) sum.getValue();
    }
}
