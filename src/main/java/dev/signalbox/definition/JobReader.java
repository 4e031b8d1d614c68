package dev.signalbox.definition;

import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.JobDefinition.Misfire;
import dev.signalbox.domain.job.JobDefinition.Overlap;
import dev.signalbox.domain.job.JobDefinition.Target;
import dev.signalbox.domain.job.Schedule;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.DefinitionRef.Kind;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads documents of kind `job`.
final class JobReader {

    static final String[] FIELDS = {
        "kind",
        "name",
        "tenant",
        "schedule",
        "run",
        "overlap",
        "misfire",
        "maxRuns",
        "start",
        "end",
        "paused"
    };

    /// Whose runs a job makes if the document does not say.
    static final String TENANT = "default";

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final String TIME = "a time with its offset, such as 2026-12-24T18:00:00+01:00";
    private static final String CRON =
            "a cron expression of minute, hour, day of month, month and day of week, such as"
                    + " '0 2 * * *'";
    private static final String ZONE = "a time zone such as Europe/Lisbon";
    private static final List<String> SCHEDULES = List.of("cron", "every", "at");
    private static final Schedule NEVER = new Schedule.At(Instant.EPOCH);
    private static final int MAX_LABELS = 30;
    private static final String LABEL_KEY = "[A-Za-z0-9][A-Za-z0-9._/-]{0,62}";
    private static final String LABEL_TEXT = "[^\\p{Cntrl}]{0,256}";

    /// What the scheduler itself writes on every run.
    private static final List<String> OWN_LABELS = List.of("job", "scheduledAt");

    private final Checks checks;
    private final CronExpressions crons;

    JobReader(Checks checks, CronExpressions crons) {
        this.checks = checks;
        this.crons = crons;
    }

    JobDefinition read(Fields fields) {
        Optional<Instant> start = time(fields, "start");
        Optional<Instant> end = time(fields, "end");
        if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
            fields.problem("end", "expected a time after 'start'");
        }
        return new JobDefinition(
                checks.name(fields, "name"),
                fields.text("tenant").orElse(TENANT),
                fields.requiredObject("schedule", "cron", "timeZone", "every", "at")
                        .map(this::schedule)
                        .orElse(NEVER),
                fields.requiredObject("run", "agent", "workflow", "version", "input", "labels")
                        .map(this::target)
                        .orElse(target(Kind.AGENT, "")),
                fields.choice("overlap", Overlap.class, Found::word).orElse(Overlap.SKIP),
                fields.choice("misfire", Misfire.class, Found::word).orElse(Misfire.FIRE_ONCE),
                fields.whole("maxRuns", 1, 1_000_000_000).map(Long::intValue),
                start,
                end,
                fields.bool("paused").orElse(false));
    }

    private Schedule schedule(Fields fields) {
        List<String> there = SCHEDULES.stream().filter(fields::has).toList();
        if (there.size() != 1) {
            checks.problems()
                    .add(
                            fields.place(),
                            fields.path()
                                    + ": expected one of cron, every and at, found "
                                    + (there.isEmpty() ? "none" : String.join(" and ", there)));
            return NEVER;
        }
        if (!fields.has("cron") && fields.has("timeZone")) {
            fields.problem("timeZone", "only a cron expression has a time zone");
        }
        return switch (there.getFirst()) {
            case "cron" -> cron(fields);
            case "every" ->
                    fields.duration("every", SHORTEST, LONGEST)
                            .<Schedule>map(Schedule.Every::new)
                            .orElse(NEVER);
            default -> time(fields, "at").<Schedule>map(Schedule.At::new).orElse(NEVER);
        };
    }

    private Schedule cron(Fields fields) {
        String expression = fields.requiredText("cron", CRON);
        if (!expression.isEmpty()) {
            crons.problem(expression)
                    .ifPresent(why -> fields.problem("cron", "expected " + CRON + "; " + why));
        }
        ZoneId zone = ZoneOffset.UTC;
        if (fields.has("timeZone")) {
            zone = zone(fields, fields.requiredText("timeZone", ZONE));
        }
        return new Schedule.Cron(expression.strip().replaceAll("\\s+", " "), zone);
    }

    private static ZoneId zone(Fields fields, String name) {
        try {
            return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
        } catch (DateTimeException _) {
            fields.problem(
                    "timeZone", "expected " + ZONE + ", found '" + Found.shortened(name) + "'");
            return ZoneOffset.UTC;
        }
    }

    private static Optional<Instant> time(Fields fields, String field) {
        return fields.node(field)
                .flatMap(node -> fields.text(fields.path(field), node, TIME))
                .flatMap(
                        text -> {
                            try {
                                return Optional.of(
                                        OffsetDateTime.parse(text)
                                                .toInstant()
                                                .truncatedTo(ChronoUnit.MICROS));
                            } catch (DateTimeException _) {
                                fields.problem(
                                        field,
                                        "expected "
                                                + TIME
                                                + ", found '"
                                                + Found.shortened(text)
                                                + "'");
                                return Optional.empty();
                            }
                        });
    }

    private Target target(Fields fields) {
        List<String> there = Stream.of("agent", "workflow").filter(fields::has).toList();
        if (there.size() != 1) {
            checks.problems()
                    .add(
                            fields.place(),
                            fields.path()
                                    + ": expected "
                                    + (there.isEmpty() ? "" : "either ")
                                    + "agent or workflow, found "
                                    + (there.isEmpty() ? "neither" : "both"));
            return target(Kind.AGENT, "");
        }
        Kind kind = there.getFirst().equals("agent") ? Kind.AGENT : Kind.WORKFLOW;
        return new Target(
                kind,
                checks.name(fields, there.getFirst()),
                fields.has("version") ? Optional.of(checks.version(fields)) : Optional.empty(),
                input(fields),
                labels(fields));
    }

    private static Target target(Kind kind, String name) {
        return new Target(kind, name, Optional.empty(), JsonObject.EMPTY, Map.of());
    }

    private static JsonObject input(Fields fields) {
        return switch (fields.node("input").orElse(null)) {
            case null -> JsonObject.EMPTY;
            case Members members -> members.json();
            case Node other -> {
                fields.expected(fields.path("input"), other, "an object");
                yield JsonObject.EMPTY;
            }
        };
    }

    private static Map<String, String> labels(Fields fields) {
        Map<String, String> labels = new TreeMap<>();
        Node node = fields.node("labels").orElse(null);
        if (node == null) {
            return labels;
        }
        if (!(node instanceof Members members) || members.members().size() > MAX_LABELS) {
            fields.expected(
                    fields.path("labels"), node, "an object of at most " + MAX_LABELS + " texts");
            return labels;
        }
        members.members()
                .forEach(
                        (key, member) -> {
                            String here = fields.path("labels") + "." + Found.shortened(key);
                            if (OWN_LABELS.contains(key)) {
                                fields.problem(
                                        "labels", "'" + key + "' is written by the scheduler");
                            } else if (!key.matches(LABEL_KEY)) {
                                fields.problem(
                                        "labels",
                                        "expected keys of 1 to 63 letters, digits, '.', '_', '-'"
                                                + " or '/', found '"
                                                + Found.shortened(key)
                                                + "'");
                            } else if (member.value() instanceof Leaf(JsonText(String text), _)
                                    && text.matches(LABEL_TEXT)) {
                                labels.put(key, text);
                            } else {
                                fields.expected(
                                        here,
                                        member.value(),
                                        "a text of at most 256 characters, none of them control"
                                                + " characters");
                            }
                        });
        return labels;
    }
}
