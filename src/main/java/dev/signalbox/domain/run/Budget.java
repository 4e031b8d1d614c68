package dev.signalbox.domain.run;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// How much of everything that runs use up: as a bound, where what is not named has none; or as an
/// amount, where what is not named is nothing.
///
/// @param tokens input and output together
/// @param costUsd in US dollars
/// @param wallClock time at work; rests are not counted
/// @param runs how many runs there are below
public record Budget(
        Optional<Long> modelCalls,
        Optional<Long> toolCalls,
        Optional<Long> tokens,
        Optional<BigDecimal> costUsd,
        Optional<Duration> wallClock,
        Optional<Long> runs) {

    public Budget {
        costUsd = costUsd.map(BigDecimal::stripTrailingZeros);
    }

    /// No bound, or nothing.
    public static final Budget NONE =
            new Budget(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());

    /// What can be used up.
    public enum Kind {
        MODEL_CALLS,
        TOOL_CALLS,
        TOKENS,
        COST_USD,
        WALL_CLOCK,
        RUNS
    }

    /// An amount: one model call.
    public static Budget modelCall() {
        return NONE.with(Kind.MODEL_CALLS, 1);
    }

    /// An amount: one tool call.
    public static Budget toolCall() {
        return NONE.with(Kind.TOOL_CALLS, 1);
    }

    public static Budget runs(long count) {
        return NONE.with(Kind.RUNS, count);
    }

    /// What a run has used up itself, as an amount.
    ///
    /// @param worked how long it was at work
    public static Budget of(Usage usage, Duration worked) {
        return new Budget(
                Optional.of((long) usage.modelCalls()),
                Optional.of((long) usage.toolCalls()),
                Optional.of(usage.tokens()),
                Optional.of(usage.costUsd()),
                Optional.of(worked),
                Optional.empty());
    }

    private Budget with(Kind kind, long count) {
        Optional<Long> some = Optional.of(count);
        return new Budget(
                kind == Kind.MODEL_CALLS ? some : modelCalls,
                kind == Kind.TOOL_CALLS ? some : toolCalls,
                tokens,
                costUsd,
                wallClock,
                kind == Kind.RUNS ? some : runs);
    }

    public Budget withWallClock(Optional<Duration> next) {
        return new Budget(modelCalls, toolCalls, tokens, costUsd, next, runs);
    }

    /// Two amounts together.
    public Budget and(Budget more) {
        return new Budget(
                sum(modelCalls, more.modelCalls, Long::sum),
                sum(toolCalls, more.toolCalls, Long::sum),
                sum(tokens, more.tokens, Long::sum),
                sum(costUsd, more.costUsd, BigDecimal::add),
                sum(wallClock, more.wallClock, Duration::plus),
                sum(runs, more.runs, Long::sum));
    }

    /// This bound with an amount on top; what has no bound gets none.
    public Budget raisedBy(Budget amount) {
        return new Budget(
                change(modelCalls, amount.modelCalls, Long::sum),
                change(toolCalls, amount.toolCalls, Long::sum),
                change(tokens, amount.tokens, Long::sum),
                change(costUsd, amount.costUsd, BigDecimal::add),
                change(wallClock, amount.wallClock, Duration::plus),
                change(runs, amount.runs, Long::sum));
    }

    /// What an amount leaves of this bound; less than nothing if the amount is beyond it.
    public Budget less(Budget amount) {
        return new Budget(
                change(modelCalls, amount.modelCalls, (all, some) -> all - some),
                change(toolCalls, amount.toolCalls, (all, some) -> all - some),
                change(tokens, amount.tokens, (all, some) -> all - some),
                change(costUsd, amount.costUsd, BigDecimal::subtract),
                change(wallClock, amount.wallClock, Duration::minus),
                change(runs, amount.runs, (all, some) -> all - some));
    }

    /// The closer of two bounds, of each kind.
    public Budget min(Budget other) {
        return new Budget(
                closer(modelCalls, other.modelCalls),
                closer(toolCalls, other.toolCalls),
                closer(tokens, other.tokens),
                closer(costUsd, other.costUsd),
                closer(wallClock, other.wallClock),
                closer(runs, other.runs));
    }

    /// The amount of one kind, if it is named: a number, or seconds.
    public Optional<BigDecimal> amount(Kind kind) {
        return switch (kind) {
            case MODEL_CALLS -> modelCalls.map(BigDecimal::valueOf);
            case TOOL_CALLS -> toolCalls.map(BigDecimal::valueOf);
            case TOKENS -> tokens.map(BigDecimal::valueOf);
            case COST_USD -> costUsd;
            case WALL_CLOCK ->
                    wallClock.map(
                            time ->
                                    BigDecimal.valueOf(time.getSeconds())
                                            .add(BigDecimal.valueOf(time.getNano(), 9)));
            case RUNS -> runs.map(BigDecimal::valueOf);
        };
    }

    /// Of what a bound has left: whether nothing is left of that kind.
    public boolean isOut(Kind kind) {
        return amount(kind).filter(left -> left.signum() <= 0).isPresent();
    }

    /// Of an amount: whether it has some of that kind.
    public boolean has(Kind kind) {
        return amount(kind).filter(some -> some.signum() > 0).isPresent();
    }

    /// Whether all that this bound allows of that kind fits into another.
    public boolean fits(Kind kind, Budget other) {
        return other.amount(kind)
                .map(most -> amount(kind).filter(own -> own.compareTo(most) <= 0).isPresent())
                .orElse(true);
    }

    /// The kinds of this budget that are named.
    public List<Kind> kinds() {
        return List.of(Kind.values()).stream().filter(kind -> amount(kind).isPresent()).toList();
    }

    /// One kind in words, such as `12 model calls`.
    public String words(Kind kind) {
        String number =
                amount(kind).map(some -> some.stripTrailingZeros().toPlainString()).orElse("0");
        return switch (kind) {
            case MODEL_CALLS -> number + " model calls";
            case TOOL_CALLS -> number + " tool calls";
            case TOKENS -> number + " tokens";
            case COST_USD -> number + " US dollars";
            case WALL_CLOCK -> wallClock.orElse(Duration.ZERO) + " of working time";
            case RUNS -> number + " runs";
        };
    }

    private static <N> Optional<N> sum(Optional<N> left, Optional<N> right, BinaryOperator<N> sum) {
        return left.isEmpty() ? right : change(left, right, sum);
    }

    private static <N> Optional<N> change(
            Optional<N> bound, Optional<N> amount, BinaryOperator<N> change) {
        return bound.map(all -> amount.map(some -> change.apply(all, some)).orElse(all));
    }

    private static <N extends Comparable<N>> Optional<N> closer(Optional<N> one, Optional<N> other) {
        return one.isEmpty() || other.filter(bound -> bound.compareTo(one.get()) < 0).isPresent()
                ? other
                : one;
    }
}
