package dev.signalbox.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.retention.RetentionRules.Terms;
import dev.signalbox.domain.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionRulesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

    private static RetentionTerms terms(String completed, String failed, String cancelled) {
        return new RetentionTerms(keep(completed), keep(failed), keep(cancelled));
    }

    private static Optional<Keep> keep(String text) {
        return Optional.of(text).filter(said -> !said.isEmpty()).map(Keep::of);
    }

    @Test
    void aDefinitionSpeaksBeforeTheHostAndSilenceKeepsForEver() {
        RetentionRules rules =
                new RetentionRules(
                        Map.of(
                                "refund", new Terms("2.0.0", terms("P30D", "forever", "")),
                                "watch", new Terms("1.0.0", RetentionTerms.NONE)),
                        terms("P90D", "P180D", "forever"));

        assertThat(rules.rules())
                .containsExactly(
                        new RetentionRule(
                                "refund",
                                RunStatus.COMPLETED,
                                Duration.ofDays(30),
                                Optional.of("2.0.0")),
                        new RetentionRule(
                                "watch",
                                RunStatus.COMPLETED,
                                Duration.ofDays(90),
                                Optional.empty()),
                        new RetentionRule(
                                "watch", RunStatus.FAILED, Duration.ofDays(180), Optional.empty()));
    }

    @Test
    void aChildGoesWithItsTreeUnlessItsOwnDefinitionSaysOtherwise() {
        RetentionRules rules =
                new RetentionRules(
                        Map.of("child", new Terms("1.0.0", terms("P30D", "forever", ""))),
                        terms("P900D", "P900D", "P900D"));
        Instant ended = NOW.minus(Duration.ofDays(31));

        assertThat(rules.lets("child", RunStatus.COMPLETED, ended, NOW)).isTrue();
        assertThat(rules.lets("child", RunStatus.COMPLETED, ended.plusSeconds(200_000), NOW))
                .isFalse();
        assertThat(rules.lets("child", RunStatus.FAILED, ended, NOW)).isFalse();
        assertThat(rules.lets("child", RunStatus.CANCELLED, NOW, NOW)).isTrue();
        assertThat(rules.lets("silent", RunStatus.FAILED, NOW, NOW)).isTrue();
    }

    @Test
    void termsAreReadAsTheyAreWritten() {
        RetentionTerms terms = terms("P30D", "forever", "");

        assertThat(RetentionTerms.of(terms.json())).isEqualTo(terms);
        assertThatThrownBy(() -> Keep.of("30 days")).hasMessageContaining("30 days");
        assertThatThrownBy(() -> Keep.of("-PT1S")).hasMessageContaining("PT-1S");
    }
}
