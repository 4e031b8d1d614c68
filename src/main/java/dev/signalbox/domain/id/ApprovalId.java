package dev.signalbox.domain.id;

import java.util.UUID;

/// An approval's identity (UUIDv7).
public record ApprovalId(UUID value) implements Comparable<ApprovalId> {

    /// Reads the usual text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a UUID
    public static ApprovalId of(String text) {
        return new ApprovalId(Uuids.parse(text));
    }

    @Override
    public int compareTo(ApprovalId other) {
        return Uuids.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
