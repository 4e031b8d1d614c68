package dev.signalbox.web;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.Problem.Violation;
import dev.signalbox.domain.problem.ProblemCode;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Bean Validation's complaints as one problem.
final class Violations {

    private Violations() {}

    static Problem problem(ConstraintViolationException exception) {
        List<Violation> violations =
                exception.getConstraintViolations().stream()
                        .map(violation -> new Violation(field(violation), violation.getMessage()))
                        .sorted(
                                Comparator.comparing(Violation::field)
                                        .thenComparing(Violation::expected))
                        .toList();
        if (violations.isEmpty()) {
            return Problem.of(ProblemCode.INVALID_REQUEST, "the request is not valid");
        }
        Violation first = violations.getFirst();
        return new Problem(
                ProblemCode.INVALID_REQUEST,
                "'" + first.field() + "' " + first.expected(),
                Optional.of(first.field()),
                Optional.of(first.expected()),
                violations);
    }

    /// The path as the client knows it: without the names of our method and its parameter.
    private static String field(ConstraintViolation<?> violation) {
        StringBuilder field = new StringBuilder();
        String last = "";
        for (Path.Node node : violation.getPropertyPath()) {
            last = String.valueOf(node.getName());
            if (node.getKind() == ElementKind.PROPERTY
                    || node.getKind() == ElementKind.CONTAINER_ELEMENT) {
                append(field, node);
            }
        }
        return field.isEmpty() ? last : field.toString();
    }

    private static void append(StringBuilder field, Path.Node node) {
        if (node.getIndex() != null) {
            field.append('[').append(node.getIndex()).append(']');
        } else if (node.getKey() != null) {
            field.append('.').append(node.getKey());
        }
        if (node.getKind() == ElementKind.PROPERTY) {
            field.append(field.isEmpty() ? "" : ".").append(node.getName());
        }
    }
}
