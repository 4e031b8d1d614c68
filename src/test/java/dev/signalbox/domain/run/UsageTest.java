package dev.signalbox.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UsageTest {

    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final TokenUsage CACHED = new TokenUsage(100, 10, 60, 20);
    private static final TokenUsage PLAIN = new TokenUsage(5, 1);

    @Test
    void tokensOfThePromptCacheAddUp() {
        Usage usage =
                Usage.NONE
                        .plus(CACHED, Optional.of(CENT))
                        .plus(PLAIN, Optional.of(CENT))
                        .plus(CACHED, Optional.of(CENT));

        assertThat(usage.inputTokens()).isEqualTo(205);
        assertThat(usage.outputTokens()).isEqualTo(21);
        assertThat(usage.cacheReadTokens()).contains(120L);
        assertThat(usage.cacheWriteTokens()).contains(40L);
        assertThat(usage.costUsd()).isEqualByComparingTo("0.03");
    }

    @Test
    void whatNobodyCountedStaysUncounted() {
        Usage usage = Usage.NONE.plus(PLAIN, Optional.of(CENT)).plus(PLAIN, Optional.of(CENT));

        assertThat(usage.cacheReadTokens()).isEmpty();
        assertThat(usage.cacheWriteTokens()).isEmpty();
    }

    @Test
    void cachedTokensCountOnce() {
        Usage usage = Usage.NONE.plus(CACHED, Optional.of(CENT));

        assertThat(usage.tokens()).isEqualTo(110);
    }

    @Test
    void whatHasNoPriceIsCountedInsteadOfTakenForFree() {
        Usage usage = Usage.NONE.plus(PLAIN, Optional.empty()).plus(PLAIN, Optional.of(CENT));

        assertThat(usage.unpricedModelCalls()).contains(1);
        assertThat(usage.costUsd()).isEqualByComparingTo("0.01");
    }
}
