package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.agent.ModelPrice;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PriceList;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PriceReaderTest {

    @Test
    void readsAPriceAndFillsInWhatCachingCosts() {
        PriceList prices =
                read(
                        """
                        prices:
                          - provider: openai
                            model: gpt-5*
                            from: 2026-08-01
                            inputPerMillion: 0.25
                            outputPerMillion: 2
                            cacheReadPerMillion: 0.025
                        """);

        assertThat(prices.prices())
                .containsExactly(
                        new ModelPrice(
                                Provider.OPENAI,
                                "gpt-5*",
                                Instant.parse("2026-08-01T00:00:00Z"),
                                new BigDecimal("0.25"),
                                new BigDecimal("2"),
                                new BigDecimal("0.025"),
                                new BigDecimal("0.25")));
    }

    @Test
    void saysEverythingThatIsWrong() {
        assertThatThrownBy(
                        () ->
                                read(
                                        """
                                        prices:
                                          - provider: opnai
                                            model: g*t
                                            from: yesterday
                                            inputPerMillion: -1
                                            currency: EUR
                                          - provider: scripted
                                            model: script
                                            from: 2026-08-01
                                            inputPerMillion: 1
                                            outputPerMillion: 1
                                        """))
                .hasMessageContainingAll(
                        "The prices have 7 problems",
                        "prices.yaml:2: prices[0].provider: expected",
                        "did you mean 'openai'",
                        "prices.yaml:3: prices[0].model: expected a model's name",
                        "prices.yaml:4: prices[0].from: expected a date",
                        "prices.yaml:5: prices[0].inputPerMillion: expected a number from 0",
                        "prices.yaml:6: prices[0]: unknown field 'currency'",
                        "prices.yaml:2: prices[0]: 'outputPerMillion' is missing",
                        "prices.yaml:7: prices[1].provider: the scripted model costs nothing");
    }

    @Test
    void refusesTwoPricesOfOneModelForOneDay() {
        String price =
                """
                  - {provider: openai, model: gpt, from: 2026-08-01, inputPerMillion: %s, outputPerMillion: 1}
                """;

        assertThatThrownBy(() -> read("prices:\n" + price.formatted(1) + price.formatted(2)))
                .hasMessageContaining("prices[0] and prices[1] are of the same model");
    }

    private static PriceList read(String text) {
        return PriceReader.read(new Source("prices.yaml", text));
    }
}
