package dev.signalbox.domain.run;

/// Tokens of one model call, as the provider counted them; 0 where it did not say.
public record TokenUsage(long inputTokens, long outputTokens) {

    public static final TokenUsage NONE = new TokenUsage(0, 0);
}
