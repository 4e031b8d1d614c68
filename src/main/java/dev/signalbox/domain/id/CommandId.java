package dev.signalbox.domain.id;

import java.util.UUID;

/// Identity of one command in a run's inbox (UUIDv7).
public record CommandId(UUID value) implements Comparable<CommandId> {

    /// Reads the usual text form.
    ///
    /// @throws IllegalArgumentException if `text` is not a UUID
    public static CommandId of(String text) {
        return new CommandId(Uuids.parse(text));
    }

    @Override
    public int compareTo(CommandId other) {
        return Uuids.compare(value, other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
