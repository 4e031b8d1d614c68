package dev.signalbox.domain.plan;

import dev.signalbox.domain.run.Budget;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/// What one run may use up, all runs below it included.
///
/// @param modelCalls most model calls, retries not counted; empty for any number
/// @param toolCalls most tool calls, retries not counted
/// @param tokens most tokens, input and output together
/// @param costUsd most money, in US dollars
/// @param wallClock most time at work, rests not counted
/// @param children most child runs of its own, retries counted
public record Limits(
        Optional<Integer> modelCalls,
        int toolCalls,
        Optional<Long> tokens,
        Optional<BigDecimal> costUsd,
        Optional<Duration> wallClock,
        int children) {

    /// Most child runs when the document says nothing.
    public static final int CHILDREN = 1000;

    /// What holds when the document says nothing.
    public static final Limits DEFAULT =
            new Limits(25, 50, Optional.empty(), Optional.empty(), Optional.empty());

    /// Without a word on children, which only a workflow has.
    public Limits(
            int modelCalls,
            int toolCalls,
            Optional<Long> tokens,
            Optional<BigDecimal> costUsd,
            Optional<Duration> wallClock) {
        this(Optional.of(modelCalls), toolCalls, tokens, costUsd, wallClock, CHILDREN);
    }

    /// The same as bounds that are divided among the runs of a tree.
    public Budget budget() {
        return new Budget(
                modelCalls.map(Integer::longValue),
                Optional.of((long) toolCalls),
                tokens,
                costUsd,
                wallClock,
                Optional.empty());
    }
}
