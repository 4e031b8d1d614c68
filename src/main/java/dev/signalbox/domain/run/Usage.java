package dev.signalbox.domain.run;

import java.math.BigDecimal;

/// What a run has used up so far.
///
/// @param costUsd in US dollars
public record Usage(
        int modelCalls, int toolCalls, long inputTokens, long outputTokens, BigDecimal costUsd) {

    public static final Usage NONE = new Usage(0, 0, 0, 0, BigDecimal.ZERO);

    public Usage plusModelCall() {
        return new Usage(modelCalls + 1, toolCalls, inputTokens, outputTokens, costUsd);
    }

    public Usage plusToolCall() {
        return new Usage(modelCalls, toolCalls + 1, inputTokens, outputTokens, costUsd);
    }

    public Usage plus(TokenUsage tokens, BigDecimal cost) {
        return new Usage(
                modelCalls,
                toolCalls,
                inputTokens + tokens.inputTokens(),
                outputTokens + tokens.outputTokens(),
                costUsd.add(cost));
    }

    public long tokens() {
        return inputTokens + outputTokens;
    }
}
