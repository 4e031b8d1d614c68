package dev.signalbox.domain.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.run.TokenUsage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriceListTest {

    private static final Instant SPRING = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant SUMMER = Instant.parse("2026-06-01T00:00:00Z");

    private final PriceList prices =
            new PriceList(
                    List.of(
                            price("gpt-*", SPRING, "9"),
                            price("gpt-5*", SPRING, "5"),
                            price("gpt-5-mini", SPRING, "1"),
                            price("gpt-5-mini", SUMMER, "2")));

    @Test
    void theMostExactNameDecides() {
        assertThat(input("gpt-5-mini", SPRING)).contains(new BigDecimal("1"));
        assertThat(input("gpt-5-large", SPRING)).contains(new BigDecimal("5"));
        assertThat(input("gpt-4", SPRING)).contains(new BigDecimal("9"));
        assertThat(input("other", SPRING)).isEmpty();
    }

    @Test
    void aPriceHoldsFromItsDayOnUntilTheNext() {
        assertThat(input("gpt-5-mini", SUMMER.minusNanos(1))).contains(new BigDecimal("1"));
        assertThat(input("gpt-5-mini", SUMMER)).contains(new BigDecimal("2"));
        assertThat(input("gpt-5-mini", SPRING.minusNanos(1))).isEmpty();
    }

    @Test
    void anotherProvidersModelOfTheSameNameHasAnotherPrice() {
        assertThat(prices.find(ref(Provider.OLLAMA, "gpt-5-mini"), SUMMER)).isEmpty();
    }

    @Test
    void costsAreExactAndCountCachedTokensOnce() {
        ModelPrice price =
                new ModelPrice(
                        Provider.ANTHROPIC,
                        "claude",
                        SPRING,
                        new BigDecimal("3"),
                        new BigDecimal("15"),
                        new BigDecimal("0.30"),
                        new BigDecimal("3.75"));

        BigDecimal cost = price.of(new TokenUsage(2_000, 100, 1_500, 300));

        // 200 at 3, 1,500 at 0.30, 300 at 3.75 and 100 at 15, a million each
        assertThat(cost).isEqualTo(new BigDecimal("0.003675"));
    }

    @Test
    void roundSumsAreWrittenPlainly() {
        ModelPrice price = price("gpt", SPRING, "1000");

        assertThat(price.of(new TokenUsage(1_000_000, 0)).toString()).isEqualTo("1000");
        assertThat(price.of(TokenUsage.NONE).toString()).isEqualTo("0");
    }

    private Optional<BigDecimal> input(String model, Instant at) {
        return prices.find(ref(Provider.OPENAI, model), at).map(ModelPrice::input);
    }

    private static ModelRef ref(Provider provider, String model) {
        return new ModelRef(provider, model, Optional.empty(), Optional.empty());
    }

    private static ModelPrice price(String model, Instant from, String input) {
        BigDecimal dollars = new BigDecimal(input);
        return new ModelPrice(Provider.OPENAI, model, from, dollars, dollars, dollars, dollars);
    }
}
