package dev.signalbox.domain.plan;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/// What one run may use up.
///
/// @param modelCalls most model calls, retries not counted
/// @param toolCalls most tool calls, retries not counted
/// @param tokens most tokens, input and output together
/// @param costUsd most money, in US dollars
/// @param wallClock most time from the run's start, waiting for people not counted
/// @param children most child runs, retries counted
public record Limits(
        int modelCalls,
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
        this(modelCalls, toolCalls, tokens, costUsd, wallClock, CHILDREN);
    }
}
