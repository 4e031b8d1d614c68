package dev.signalbox.domain.id;

import java.util.UUID;

/// The two places where `java.util.UUID` is looser than the wire: it parses short groups, and it
/// orders by signed halves.
final class Uuids {

    private static final int TEXT_LENGTH = 36;

    private Uuids() {}

    static UUID parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            throw new IllegalArgumentException("not a UUID: expected 36 characters");
        }
        return UUID.fromString(text);
    }

    static int compare(UUID left, UUID right) {
        int high =
                Long.compareUnsigned(left.getMostSignificantBits(), right.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        left.getLeastSignificantBits(), right.getLeastSignificantBits());
    }
}
