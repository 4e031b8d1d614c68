package dev.signalbox.store;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import java.util.UUID;

/// A position in a list that is ordered by bands and, within a band, by UUIDv7: the last item that
/// was seen. On the wire it is an opaque text.
///
/// @param band 0 in lists that have only one
public record Cursor(int band, UUID last) {

    /// Reads the wire's text.
    public static Cursor of(String text) {
        try {
            int dot = text.indexOf('.');
            return new Cursor(
                    Integer.parseInt(text.substring(0, Math.max(dot, 0))),
                    UUID.fromString(text.substring(dot + 1)));
        } catch (IllegalArgumentException _) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "cursor",
                            "the cursor is not one that a list gave",
                            "a nextCursor from an earlier answer")
                    .asException();
        }
    }

    @Override
    public String toString() {
        return band + "." + last;
    }
}
