package dev.signalbox.domain.run;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// What a run has used up so far.
///
/// @param costUsd in US dollars, of the calls whose price was known
/// @param cacheReadTokens input tokens that came from a provider's prompt cache; empty for none
/// @param cacheWriteTokens input tokens that went into one; empty for none
/// @param unpricedModelCalls answers whose price nobody knew; empty for none
public record Usage(
        int modelCalls,
        int toolCalls,
        long inputTokens,
        long outputTokens,
        BigDecimal costUsd,
        Optional<Long> cacheReadTokens,
        Optional<Long> cacheWriteTokens,
        Optional<Integer> unpricedModelCalls) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, BigDecimal.ZERO);

    public Usage(
            int modelCalls, int toolCalls, long inputTokens, long outputTokens, BigDecimal costUsd) {
        this(
                modelCalls,
                toolCalls,
                inputTokens,
                outputTokens,
                costUsd,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    public Usage plusModelCall() {
        return plus(new Usage(1, 0, 0, 0, BigDecimal.ZERO));
    }

    public Usage plusToolCall() {
        return plus(new Usage(0, 1, 0, 0, BigDecimal.ZERO));
    }

    /// @param cost empty if nobody knows
    public Usage plus(TokenUsage tokens, Optional<BigDecimal> cost) {
        return plus(
                new Usage(
                        0,
                        0,
                        tokens.inputTokens(),
                        tokens.outputTokens(),
                        cost.orElse(BigDecimal.ZERO),
                        tokens.cacheReadTokens(),
                        tokens.cacheWriteTokens(),
                        cost.isPresent() ? Optional.empty() : Optional.of(1)));
    }

    public Usage plus(Usage more) {
        return new Usage(
                modelCalls + more.modelCalls,
                toolCalls + more.toolCalls,
                inputTokens + more.inputTokens,
                outputTokens + more.outputTokens,
                costUsd.add(more.costUsd),
                sum(cacheReadTokens, more.cacheReadTokens, Long::sum),
                sum(cacheWriteTokens, more.cacheWriteTokens, Long::sum),
                sum(unpricedModelCalls, more.unpricedModelCalls, Integer::sum));
    }

    private static <N> Optional<N> sum(
            Optional<N> left, Optional<N> right, BinaryOperator<N> plus) {
        return left.isEmpty() ? right : left.map(some -> right.map(r -> plus.apply(some, r)).orElse(some));
    }

    public long tokens() {
        return inputTokens + outputTokens;
    }
}
