package dev.signalbox.domain.id;

import java.util.UUID;

/// A job's identity (UUIDv7). It stays the same when the job's document changes.
public record JobId(UUID value) {

    /// Reads the usual text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a UUID
    public static JobId of(String text) {
        return new JobId(Uuids.parse(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
