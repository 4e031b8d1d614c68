package dev.signalbox.domain.id;

import java.util.UUID;

/// Identity of one audit record (UUIDv7).
public record AuditId(UUID value) implements Comparable<AuditId> {

    /// Reads the usual text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a UUID
    public static AuditId of(String text) {
        return new AuditId(Uuids.parse(text));
    }

    @Override
    public int compareTo(AuditId other) {
        return Uuids.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
