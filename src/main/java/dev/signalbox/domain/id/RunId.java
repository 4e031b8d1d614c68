package dev.signalbox.domain.id;

import java.util.UUID;

/// A run's identity (UUIDv7: sorts by creation).
public record RunId(UUID value) implements Comparable<RunId> {

    /// Reads the usual text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a UUID
    public static RunId of(String text) {
        return new RunId(Uuids.parse(text));
    }

    @Override
    public int compareTo(RunId other) {
        return Uuids.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
