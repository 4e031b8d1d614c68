package dev.signalbox.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.EvaluationResult;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The arrows hold, and every rule would notice if they did not.
class ArchitectureTest {

    private static final String ROOT = "dev.signalbox";
    private static final JavaClasses PRODUCT =
            new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

    @ParameterizedTest
    @EnumSource
    void theProductKeepsTheRule(ArchitectureRules rule) {
        EvaluationResult result = rule.in(ROOT).evaluate(PRODUCT);

        assertThat(result.getFailureReport().getDetails()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void theRuleNoticesTheFixtureThatBreaksIt(ArchitectureRules rule) {
        JavaClasses fixture = new ClassFileImporter().importPackages(rule.fixture());

        EvaluationResult result = rule.in(rule.fixture()).evaluate(fixture);

        assertThat(result.hasViolation()).isTrue();
    }
}
