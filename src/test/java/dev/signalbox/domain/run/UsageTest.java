package dev.signalbox.domain.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class UsageTest {

    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final TokenUsage CACHED = new TokenUsage(100, 10, 60, 20);
    private static final TokenUsage PLAIN = new TokenUsage(5, 1);

    @Test
    void tokensOfThePromptCacheAddUp() {
        Usage usage = Usage.NONE.plus(CACHED, CENT).plus(PLAIN, CENT).plus(CACHED, CENT);

        assertThat(usage.inputTokens()).isEqualTo(205);
        assertThat(usage.outputTokens()).isEqualTo(21);
        assertThat(usage.cacheReadTokens()).contains(120L);
        assertThat(usage.cacheWriteTokens()).contains(40L);
        assertThat(usage.costUsd()).isEqualByComparingTo("0.03");
    }

    @Test
    void whatNobodyCountedStaysUncounted() {
        Usage usage = Usage.NONE.plus(PLAIN, CENT).plus(PLAIN, CENT);

        assertThat(usage.cacheReadTokens()).isEmpty();
        assertThat(usage.cacheWriteTokens()).isEmpty();
    }

    @Test
    void cachedTokensCountOnce() {
        Usage usage = Usage.NONE.plus(CACHED, CENT);

        assertThat(usage.tokens()).isEqualTo(110);
    }
}
