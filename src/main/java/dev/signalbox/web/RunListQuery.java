package dev.signalbox.web;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.RunFilter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The query parameters of a list of runs.
public final class RunListQuery {

    private RunListQuery() {}

    /// What a client of the request plane may filter by.
    public static RunFilter filter(
            String tenant,
            List<String> statuses,
            @Nullable String definition,
            List<String> labels) {
        return new RunFilter(
                tenant,
                statuses(statuses),
                given("definition", definition),
                labels(labels),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /// What an operator may filter by as well. An empty text is no text.
    public static RunFilter filter(
            RunFilter basis,
            @Nullable String text,
            @Nullable String attention,
            @Nullable String since,
            @Nullable String until) {
        return new RunFilter(
                basis.tenant(),
                basis.statuses(),
                basis.definition(),
                basis.labels(),
                flag("attention", attention),
                time("since", since),
                time("until", until),
                basis.root(),
                given("text", text));
    }

    /// A time in RFC 3339, if there is one.
    public static Optional<Instant> time(String field, @Nullable String text) {
        return given(field, text)
                .map(
                        given -> {
                            try {
                                return OffsetDateTime.parse(given).toInstant();
                            } catch (DateTimeParseException _) {
                                throw invalid(
                                        field, "it is not a time", "such as 2026-01-31T08:00:00Z");
                            }
                        });
    }

    /// `true` or `false`; `false` if it says nothing.
    public static boolean flag(String field, @Nullable String text) {
        return given(field, text)
                .map(
                        given ->
                                switch (given) {
                                    case "true" -> true;
                                    case "false" -> false;
                                    default ->
                                            throw invalid(
                                                    field, "it is not a flag", "true or false");
                                })
                .orElse(false);
    }

    /// The parameter, if it says anything.
    public static Optional<String> given(String field, @Nullable String text) {
        return Optional.ofNullable(text)
                .map(words -> printable(field, words).strip())
                .filter(words -> !words.isEmpty());
    }

    private static Set<RunStatus> statuses(List<String> texts) {
        Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
        texts.stream()
                .flatMap(text -> Arrays.stream(text.split(",")))
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .forEach(text -> statuses.add(status(text)));
        return statuses;
    }

    private static RunStatus status(String text) {
        return Arrays.stream(RunStatus.values())
                .filter(status -> name(status).equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        "status",
                                        "there is no such status",
                                        Arrays.stream(RunStatus.values())
                                                .map(RunListQuery::name)
                                                .collect(Collectors.joining(", ", "one of ", ""))));
    }

    private static String name(RunStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> labels(List<String> texts) {
        Map<String, String> labels = new HashMap<>();
        for (String text : texts) {
            if (text.isBlank()) {
                continue;
            }
            int colon = printable("label", text).indexOf(':');
            if (colon < 1) {
                throw invalid("label", "a label has a key and a value", "key:value");
            }
            labels.put(text.substring(0, colon), text.substring(colon + 1));
        }
        return labels;
    }

    private static String printable(String field, String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(field, "it holds control characters", "printable characters");
        }
        return text;
    }

    private static ProblemException invalid(String field, String detail, String expected) {
        return Problem.at(ProblemCode.INVALID_REQUEST, field, detail, expected).asException();
    }
}
