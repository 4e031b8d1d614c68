package dev.signalbox.domain.run;

import java.math.BigDecimal;
import java.util.Optional;

/// What a run has used up so far.
///
/// @param costUsd in US dollars
/// @param cacheReadTokens input tokens that came from a provider's prompt cache; empty for none
/// @param cacheWriteTokens input tokens that went into one; empty for none
public record Usage(
        int modelCalls,
        int toolCalls,
        long inputTokens,
        long outputTokens,
        BigDecimal costUsd,
        Optional<Long> cacheReadTokens,
        Optional<Long> cacheWriteTokens) {

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
                Optional.empty());
    }

    public Usage plusModelCall() {
        return plus(new Usage(1, 0, 0, 0, BigDecimal.ZERO));
    }

    public Usage plusToolCall() {
        return plus(new Usage(0, 1, 0, 0, BigDecimal.ZERO));
    }

    public Usage plus(TokenUsage tokens, BigDecimal cost) {
        return plus(
                new Usage(
                        0,
                        0,
                        tokens.inputTokens(),
                        tokens.outputTokens(),
                        cost,
                        tokens.cacheReadTokens(),
                        tokens.cacheWriteTokens()));
    }

    public Usage plus(Usage more) {
        return new Usage(
                modelCalls + more.modelCalls,
                toolCalls + more.toolCalls,
                inputTokens + more.inputTokens,
                outputTokens + more.outputTokens,
                costUsd.add(more.costUsd),
                sum(cacheReadTokens, more.cacheReadTokens),
                sum(cacheWriteTokens, more.cacheWriteTokens));
    }

    private static Optional<Long> sum(Optional<Long> left, Optional<Long> right) {
        return left.isEmpty() ? right : Optional.of(left.get() + right.orElse(0L));
    }

    public long tokens() {
        return inputTokens + outputTokens;
    }
}
