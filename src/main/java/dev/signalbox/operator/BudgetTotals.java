package dev.signalbox.operator;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Budget.Kind;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Shortage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What somebody lets a run use from now on, all in all. Totals rather than additions: a request
/// that is sent twice adds nothing the second time.
///
/// @param wallClock an ISO 8601 duration
public record BudgetTotals(
        Optional<Long> modelCalls,
        Optional<Long> toolCalls,
        Optional<Long> tokens,
        Optional<BigDecimal> costUsd,
        Optional<String> wallClock) {

    public static final BudgetTotals NONE =
            new BudgetTotals(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    private static final Budget MOST =
            new Budget(
                    Optional.of(1_000_000L),
                    Optional.of(1_000_000L),
                    Optional.of(1_000_000_000_000L),
                    Optional.of(BigDecimal.valueOf(1_000_000)),
                    Optional.of(Duration.ofDays(366)),
                    Optional.empty());

    /// What that is more than `run` may use now. Refuses, with a [ProblemException], what makes no
    /// sense for it.
    Budget moreFor(RunSummary run) {
        Budget wanted = budget();
        for (Kind kind : wanted.kinds()) {
            inRange(kind, wanted);
        }
        Shortage shortage =
                run.hold()
                        .flatMap(Hold::shortage)
                        .orElseThrow(
                                () ->
                                        ProblemException.of(
                                                ProblemCode.ILLEGAL_MOVE,
                                                "The run is not held for its budget."));
        for (Kind kind : wanted.kinds()) {
            raises(kind, wanted, shortage);
        }
        if (wanted.amount(shortage.kind()).isEmpty()) {
            throw wrong(
                    shortage.kind(),
                    "the run is held for this one",
                    more(shortage.kind(), shortage.used()));
        }
        return wanted.less(shortage.total());
    }

    private static void inRange(Kind kind, Budget wanted) {
        if (!wanted.has(kind) || !wanted.fits(kind, MOST)) {
            throw wrong(kind, "out of range", "more than 0, at most " + MOST.words(kind));
        }
    }

    private static void raises(Kind kind, Budget wanted, Shortage shortage) {
        if (shortage.total().amount(kind).isEmpty()) {
            throw wrong(kind, "the run has no bound of this kind", "nothing");
        }
        if (wanted.fits(kind, shortage.total())) {
            throw wrong(kind, "not more than it may use now", more(kind, shortage.total()));
        }
        if (kind == shortage.kind() && wanted.fits(kind, shortage.used())) {
            throw wrong(kind, "not more than it has used", more(kind, shortage.used()));
        }
    }

    private Budget budget() {
        return new Budget(modelCalls, toolCalls, tokens, costUsd, duration(), Optional.empty());
    }

    private Optional<Duration> duration() {
        try {
            return wallClock.map(Duration::parse);
        } catch (DateTimeParseException _) {
            throw wrong(Kind.WALL_CLOCK, "not a duration", "a duration such as PT30M");
        }
    }

    /// As the record of the attempt keeps it.
    JsonObject json() {
        Map<String, Json> members = new LinkedHashMap<>();
        modelCalls.ifPresent(some -> members.put("modelCalls", Json.of(some)));
        toolCalls.ifPresent(some -> members.put("toolCalls", Json.of(some)));
        tokens.ifPresent(some -> members.put("tokens", Json.of(some)));
        costUsd.ifPresent(some -> members.put("costUsd", Json.of(some)));
        wallClock.ifPresent(
                some -> members.put("wallClock", Json.text(Reasons.shortened(some))));
        return new JsonObject(members);
    }

    /// How a kind is named on the wire.
    public static String field(Kind kind) {
        return switch (kind) {
            case MODEL_CALLS -> "modelCalls";
            case TOOL_CALLS -> "toolCalls";
            case TOKENS -> "tokens";
            case COST_USD -> "costUsd";
            case WALL_CLOCK -> "wallClock";
            case RUNS -> "runs";
        };
    }

    private static String more(Kind kind, Budget than) {
        return "more than " + than.words(kind);
    }

    private static ProblemException wrong(Kind kind, String what, String expected) {
        return Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        field(kind),
                        "'" + field(kind) + "': " + what,
                        expected)
                .asException();
    }
}
