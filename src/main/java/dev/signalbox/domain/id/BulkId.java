package dev.signalbox.domain.id;

import java.util.UUID;

/// Identity of one command to many runs (UUIDv7).
public record BulkId(UUID value) implements Comparable<BulkId> {

    /// Reads the usual text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a UUID
    public static BulkId of(String text) {
        return new BulkId(Uuids.parse(text));
    }

    @Override
    public int compareTo(BulkId other) {
        return Uuids.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
