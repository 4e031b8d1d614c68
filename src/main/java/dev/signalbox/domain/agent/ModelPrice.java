package dev.signalbox.domain.agent;

import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.run.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;

/// What a model costs from some day on, in US dollars for a million tokens.
///
/// @param model its name, or the beginning of names, with `*` at its end
/// @param from when it begins to hold, until the next price of the same `model` does
/// @param cacheRead of input tokens that come from the provider's prompt cache
/// @param cacheWrite of input tokens that go into it
public record ModelPrice(
        Provider provider,
        String model,
        Instant from,
        BigDecimal input,
        BigDecimal output,
        BigDecimal cacheRead,
        BigDecimal cacheWrite) {

    private static final String ANY = "*";
    private static final int MILLION = 6;

    /// What a call cost, exactly.
    public BigDecimal of(TokenUsage usage) {
        long read = usage.cacheReadTokens().orElse(0L);
        long written = usage.cacheWriteTokens().orElse(0L);
        BigDecimal cost =
                times(input, Math.max(0, usage.inputTokens() - read - written))
                        .add(times(cacheRead, read))
                        .add(times(cacheWrite, written))
                        .add(times(output, usage.outputTokens()))
                        .movePointLeft(MILLION)
                        .stripTrailingZeros();
        return cost.scale() < 0 ? cost.setScale(0) : cost;
    }

    private static BigDecimal times(BigDecimal price, long tokens) {
        return price.multiply(BigDecimal.valueOf(tokens));
    }

    boolean holds(ModelRef ref, Instant at) {
        return provider == ref.provider() && !from.isAfter(at) && names(ref.name());
    }

    private boolean names(String name) {
        return model.endsWith(ANY) ? name.startsWith(beginning()) : name.equals(model);
    }

    /// The longer, the more exact; a whole name before any beginning.
    int exactness() {
        return model.endsWith(ANY) ? beginning().length() : Integer.MAX_VALUE;
    }

    private String beginning() {
        return model.substring(0, model.length() - ANY.length());
    }
}
