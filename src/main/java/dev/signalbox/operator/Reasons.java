package dev.signalbox.operator;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import java.util.Optional;

/// The reasons that people give for what they do: never missing, never endless.
final class Reasons {

    /// Most characters of a reason.
    static final int MAX_LENGTH = 2000;

    private Reasons() {}

    static String checked(Optional<String> reason) {
        return reason.map(String::strip)
                .filter(words -> !words.isEmpty() && words.length() <= MAX_LENGTH)
                .orElseThrow(
                        () ->
                                Problem.at(
                                                ProblemCode.INVALID_REQUEST,
                                                "reason",
                                                reason.map(String::strip).orElse("").isEmpty()
                                                        ? "the reason is missing"
                                                        : "the reason is too long",
                                                "1 to " + MAX_LENGTH + " characters")
                                        .asException());
    }

    /// What a refused caller sent, short enough to be recorded.
    static String shortened(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH);
    }
}
