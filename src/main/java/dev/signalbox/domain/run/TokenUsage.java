package dev.signalbox.domain.run;

import java.util.Optional;

/// Tokens of one model call, as the provider counted them; 0 where it did not say.
///
/// @param inputTokens all of them, those from and for the provider's prompt cache included
/// @param cacheReadTokens input tokens that came from the provider's prompt cache; empty for none
/// @param cacheWriteTokens input tokens that went into it; empty for none
public record TokenUsage(
        long inputTokens,
        long outputTokens,
        Optional<Long> cacheReadTokens,
        Optional<Long> cacheWriteTokens) {

    public static final TokenUsage NONE = new TokenUsage(0, 0);

    public TokenUsage(long inputTokens, long outputTokens) {
        this(inputTokens, outputTokens, Optional.empty(), Optional.empty());
    }

    public TokenUsage(long inputTokens, long outputTokens, long cacheRead, long cacheWrite) {
        this(inputTokens, outputTokens, some(cacheRead), some(cacheWrite));
    }

    private static Optional<Long> some(long tokens) {
        return tokens > 0 ? Optional.of(tokens) : Optional.empty();
    }
}
