package dev.signalbox.definition;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.runtime.CelEvaluationException;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Says in a sentence why an expression cannot be compiled or evaluated.
///
/// Guarantee: repeats the expression's own text at most, never a value that it was given.
final class CelReasons {

    static final String TOO_DEEP = "nested too deeply";

    private static final Pattern UNDECLARED =
            Pattern.compile("undeclared reference to '([^']*)' \\(in container ''\\)");
    private static final Pattern NO_OVERLOAD =
            Pattern.compile("found no matching overload for '([^']*)' applied to '\\((.*)\\)' .*");
    private static final Pattern UNREADABLE =
            Pattern.compile(
                    "(?:no viable alternative at input|token recognition error at:|extraneous"
                            + " input|mismatched input) (.*?)(?: expecting .*)?",
                    Pattern.DOTALL);
    private static final Pattern POSITION = Pattern.compile("at <input>:(\\d+):");
    private static final Pattern QUOTED = Pattern.compile("'([^']*)'");

    private CelReasons() {}

    static String of(CelValidationException invalid, String source, Set<String> variables) {
        Optional<CelIssue> first =
                invalid.getErrors().stream().min(Comparator.comparing(CelIssue::getSourceLocation));
        return first.map(issue -> sentence(issue, variables) + place(issue, source))
                .orElse("not an expression");
    }

    static String of(CelEvaluationException failed, String source) {
        String message = String.valueOf(failed.getMessage());
        Matcher position = POSITION.matcher(message);
        String place =
                position.find()
                        ? " (column " + (Integer.parseInt(position.group(1)) + 1) + ")"
                        : "";
        String reason =
                switch (failed.getErrorCode()) {
                    case ATTRIBUTE_NOT_FOUND -> missing(message, source);
                    case INDEX_OUT_OF_BOUNDS -> "the index is out of bounds";
                    case DIVIDE_BY_ZERO -> "division by zero";
                    case DUPLICATE_ATTRIBUTE -> "the same key twice";
                    case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD ->
                            "the operation does not take values of these types";
                    case INVALID_ARGUMENT -> "a value is not of the type that is needed";
                    case NUMERIC_OVERFLOW -> "a number is out of range";
                    case BAD_FORMAT -> "a text is not in the format that is needed";
                    case ITERATION_BUDGET_EXCEEDED -> "too many iterations";
                    case TYPE_NOT_FOUND, INTERNAL_ERROR -> "cannot be evaluated";
                };
        return reason + place;
    }

    /// Names the field only if the expression itself does: a computed key is a value.
    private static String missing(String message, String source) {
        Matcher quoted = QUOTED.matcher(message);
        return quoted.find() && source.contains(quoted.group(1))
                ? "there is no '" + quoted.group(1) + "'"
                : "there is no such field";
    }

    private static String sentence(CelIssue issue, Set<String> variables) {
        String message = issue.getMessage();
        Matcher undeclared = UNDECLARED.matcher(message);
        if (undeclared.matches()) {
            String hint = NearMiss.hint(undeclared.group(1), variables);
            return "unknown name '"
                    + undeclared.group(1)
                    + "'"
                    + (hint.isEmpty()
                            ? "; known here: " + String.join(", ", new TreeSet<>(variables))
                            : hint);
        }
        Matcher overload = NO_OVERLOAD.matcher(message);
        if (overload.matches()) {
            return "'"
                    + overload.group(1).replace("_", "")
                    + "' does not take "
                    + overload.group(2).replace(", ", " and ");
        }
        if (message.startsWith("mismatched input '<EOF>'")) {
            return "the expression ends too early";
        }
        Matcher unreadable = UNREADABLE.matcher(message);
        return unreadable.matches()
                ? "cannot be read at " + unreadable.group(1).strip().replace("\n", "\\n")
                : message;
    }

    private static String place(CelIssue issue, String source) {
        CelSourceLocation location = issue.getSourceLocation();
        if (location.getColumn() < 0) {
            return "";
        }
        String column = "column " + (location.getColumn() + 1);
        return source.strip().indexOf('\n') < 0
                ? " (" + column + ")"
                : " (line " + location.getLine() + ", " + column + ")";
    }
}
