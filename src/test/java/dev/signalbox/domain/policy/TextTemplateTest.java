package dev.signalbox.domain.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextTemplateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${a}|a",
                "paid ${ results[0].amount } of ${input.total}|results[0].amount,input.total",
                "{\"a\": ${x}}|x",
                "${ {'k': {'n': 1}}.k.n }|{'k': {'n': 1}}.k.n",
                "${ '}' + \"}\" }|'}' + \"}\"",
                "${ 'it\\'s}' }|'it\\'s}'",
                "costs $5 and {more}|",
                "$|"
            })
    void expressionEndsAtTheBraceThatClosesIt(String text, String expressions) {
        String found =
                String.join(
                        ",",
                        TextTemplate.parse(text).expressions().stream()
                                .map(Expression::source)
                                .toList());

        assertThat(found).isEqualTo(expressions == null ? "" : expressions);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${a", "${'a}", "${ {'a': 1} ", "a ${} b"})
    void expressionWithoutEndOrContentIsRefused(String text) {
        assertThatThrownBy(() -> TextTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void textAroundExpressionsIsKept() {
        assertThat(TextTemplate.parse("a ${b} c").parts())
                .containsExactly(
                        new TextTemplate.Part.Literal("a "),
                        new TextTemplate.Part.Hole(new Expression("b")),
                        new TextTemplate.Part.Literal(" c"));
    }
}
