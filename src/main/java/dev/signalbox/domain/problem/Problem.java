package dev.signalbox.domain.problem;

import dev.signalbox.domain.json.Json.JsonObject;
import java.util.List;
import java.util.Optional;

/// One refusal: what is wrong, in a sentence that helps to put it right.
///
/// @param detail for the person or program that asked; never holds secrets or internals
/// @param field where in the request or document, as a path or `file:line`
/// @param expected what would have been right
/// @param facts what else is known about what was asked for, for programs
public record Problem(
        ProblemCode code,
        String detail,
        Optional<String> field,
        Optional<String> expected,
        List<Violation> violations,
        Optional<JsonObject> facts) {

    /// One of several things wrong with one request.
    public record Violation(String field, String expected) {}

    public Problem {
        violations = List.copyOf(violations);
    }

    /// One without facts.
    public Problem(
            ProblemCode code,
            String detail,
            Optional<String> field,
            Optional<String> expected,
            List<Violation> violations) {
        this(code, detail, field, expected, violations, Optional.empty());
    }

    public static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, Optional.empty(), Optional.empty(), List.of());
    }

    public static Problem at(ProblemCode code, String field, String detail, String expected) {
        return new Problem(code, detail, Optional.of(field), Optional.of(expected), List.of());
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }
}
