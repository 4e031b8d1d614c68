package dev.signalbox.definition;

import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.run.Budget;
import java.math.BigDecimal;

/// Reads what runs may use up.
///
/// @param otherwise what holds where the document says nothing
record LimitsReader(Limits otherwise) {

    static final String[] OF_AGENTS = {
        "modelCalls", "toolCalls", "tokens", "costUsd", "wallClock"
    };
    static final String[] OF_WORKFLOWS = {
        "modelCalls", "toolCalls", "tokens", "costUsd", "wallClock", "children"
    };
    static final String[] OF_CHILDREN = {
        "modelCalls", "toolCalls", "tokens", "costUsd", "wallClock", "runs"
    };

    private static final int MOST_MODEL_CALLS = 10_000;
    private static final int MOST_CALLS = 100_000;
    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final long MOST_RUNS = 1_000_000;
    private static final BigDecimal MOST_DOLLARS = BigDecimal.valueOf(1_000_000);

    Limits read(Fields fields) {
        return new Limits(
                fields.whole("modelCalls", 1, MOST_MODEL_CALLS)
                        .map(Long::intValue)
                        .or(otherwise::modelCalls),
                fields.whole("toolCalls", 0, MOST_CALLS)
                        .map(Long::intValue)
                        .orElse(otherwise.toolCalls()),
                fields.whole("tokens", 1, MOST_TOKENS),
                fields.decimal("costUsd", BigDecimal.ZERO, MOST_DOLLARS),
                fields.duration("wallClock", Checks.MIN_WALL_CLOCK, Checks.MAX_WALL_CLOCK),
                fields.whole("children", 0, MOST_CALLS)
                        .map(Long::intValue)
                        .orElse(otherwise.children()));
    }

    /// What a bundle says of a definition that is run for its own.
    static Budget ofChild(Fields fields) {
        return new Budget(
                fields.whole("modelCalls", 1, MOST_MODEL_CALLS),
                fields.whole("toolCalls", 0, MOST_CALLS),
                fields.whole("tokens", 1, MOST_TOKENS),
                fields.decimal("costUsd", BigDecimal.ZERO, MOST_DOLLARS),
                fields.duration("wallClock", Checks.MIN_WALL_CLOCK, Checks.MAX_WALL_CLOCK),
                fields.whole("runs", 0, MOST_RUNS));
    }
}
