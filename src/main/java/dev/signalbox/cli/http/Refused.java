package dev.signalbox.cli.http;

import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.JsonReader;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import java.util.Locale;
import java.util.stream.Collectors;

/// The server said no, or that something went wrong there.
public final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    private Refused(int status, String message) {
        super(message);
        this.status = status;
    }

    /// @param body a problem as RFC 9457 has it, or whatever something in between answered
    static Refused of(int status, String body) {
        Json problem = problem(body);
        String detail = Field.text(problem, "detail");
        if (detail.isEmpty()) {
            return new Refused(
                    status, "The answer was HTTP status " + status + " without an explanation.");
        }
        return new Refused(
                status,
                sentence(detail)
                        + " ("
                        + Field.text(problem, "code")
                        + ")"
                        + where(Field.text(problem, "field"), Field.text(problem, "expected"))
                        + Field.items(problem, "violations").stream()
                                .map(
                                        one ->
                                                where(
                                                        Field.text(one, "field"),
                                                        Field.text(one, "expected")))
                                .collect(Collectors.joining()));
    }

    public int status() {
        return status;
    }

    /// The sentence for people, with the code for programs.
    public String explanation() {
        return String.valueOf(getMessage());
    }

    private static Json problem(String body) {
        try {
            return JsonReader.read(body);
        } catch (IllegalArgumentException _) {
            return JsonNull.NULL;
        }
    }

    private static String sentence(String detail) {
        String begun = detail.substring(0, 1).toUpperCase(Locale.ROOT) + detail.substring(1);
        return begun.matches("(?s).*[.!?:]") ? begun : begun + ".";
    }

    private static String where(String field, String expected) {
        if (field.isEmpty() && expected.isEmpty()) {
            return "";
        }
        return "\n  " + field + (field.isEmpty() || expected.isEmpty() ? "" : ": ") + expected;
    }
}
