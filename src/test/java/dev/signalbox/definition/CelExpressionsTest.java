package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.wire.JsonCodec;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CelExpressionsTest {

    private static final CelExpressions CEL = new CelExpressions();

    private static final Map<String, Json> VARIABLES =
            Map.of(
                    "args",
                    JsonCodec.parse(
                            """
                            {"count": 1, "amount": 20.5, "name": "bob", "none": null, "list": [1, 2, 3],
                             "big": 9007199254740993, "secret": "s3cr3t-value", "huge": 1e350}\
                            """),
                    "results",
                    JsonCodec.parse("[{\"total\": 120}, {\"error\": {\"code\": \"denied\"}}]"),
                    "input",
                    JsonCodec.parse("{\"orderId\": \"A-1\"}"));

    @ParameterizedTest
    @DisplayName("JSON has one kind of number, and so have expressions")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "args.count == 1 | true",
                "args.count == 1.0 | true",
                "args.amount <= 50.0 | true",
                "args.amount <= 50 | true",
                "args.amount > args.count | true",
                "args.count in [1, 2] | true",
                "args.list == [1, 2, 3] | true",
                "args.big == 9007199254740993 | true",
                "args.big == 9007199254740992 | false",
                "args.count + 1 | 2",
                "2 * args.amount | 41",
                "results[0].total - 1 | 119",
                "results[0].total / 8 | 15",
                "args.big + 1 | 9007199254740994",
                "'order ' + string(args.count) | \"order 1\"",
                "string(args.amount) | \"20.5\"",
                "args.list.map(x, x + 1) | [2,3,4]",
                "args.huge > 50.0 | true",
            })
    void numbersMix(String source, String expected) {
        Evaluation evaluation = CEL.evaluate(new Expression(source), VARIABLES);

        assertThat(evaluation).isEqualTo(new Evaluation.Value(JsonCodec.parse(expected)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "results[0].total | 120",
                "results[1].error.code | \"denied\"",
                "has(results[0].error) | false",
                "has(args.none) | true",
                "args.none == null | true",
                "args.none | null",
                "[args.none, {'a': null}] | [null,{\"a\":null}]",
                "{'orderId': input.orderId, 'amount': 5u} | {\"orderId\":\"A-1\",\"amount\":5}",
                "args.list.exists(x, x == 2) | true",
                "args.name.matches('^b.b$') | true",
                "timestamp('2026-01-01T00:00:00Z') | \"2026-01-01T00:00:00Z\"",
            })
    void resultsAreJson(String source, String expected) {
        Evaluation evaluation = CEL.evaluate(new Expression(source), VARIABLES);

        assertThat(evaluation).isEqualTo(new Evaluation.Value(JsonCodec.parse(expected)));
    }

    @ParameterizedTest
    @DisplayName("what cannot be evaluated fails, with a reason that repeats no value")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "args.zip > 1 | there is no 'zip' (column 5)",
                "{'a': 1}[args.secret] | there is no such field (column 9)",
                "args.none.x | there is no 'x' (column 10)",
                "output.x | a name in it has no value here",
                "args.list[7] | the index is out of bounds (column 10)",
                "args.name < 1 | the operation does not take values of these types (column 11)",
                "args.count ? 1 : 2 | a value is not of the type that is needed (column 5)",
                "1 / 0 | division by zero (column 3)",
                "1.0 / 0.0 | the result is Infinity, which JSON lacks",
                "0.0 / 0.0 | the result is NaN, which JSON lacks",
                "b'abc' | the result holds a value that JSON lacks: CelByteString",
                "{1: 2} | the result holds a map whose keys are not texts",
                "int(args.secret) | a text is not in the format that is needed (column 4)",
                "args.huge | the result is Infinity, which JSON lacks",
                "args. | cannot be read at '.' (column 6)",
            })
    void failures(String source, String reason) {
        Evaluation evaluation = CEL.evaluate(new Expression(source), VARIABLES);

        assertThat(evaluation).isEqualTo(new Evaluation.Failed(reason));
    }

    @Test
    @DisplayName("an evaluation that would run for ever is cut off")
    void iterationsAreBounded() {
        String all = "[1,2,3,4,5,6,7,8,9,10]";
        String nested =
                all
                        + ".map(a, "
                        + all
                        + ".map(b, "
                        + all
                        + ".map(c, "
                        + all
                        + ".map(d, "
                        + all
                        + ".map(e, 1)))))";

        Evaluation evaluation = CEL.evaluate(new Expression(nested), Map.of());

        assertThat(evaluation)
                .isInstanceOfSatisfying(
                        Evaluation.Failed.class,
                        failed -> assertThat(failed.reason()).startsWith("too many iterations"));
    }

    @Test
    @DisplayName("a result cannot grow out of proportion to what it is made of")
    void resultsAreBounded() {
        Map<String, Json> large = Map.of("input", Json.text("x".repeat(100_000)));
        String many = "[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, input))";

        Evaluation evaluation = CEL.evaluate(new Expression(many), large);

        assertThat(evaluation)
                .isEqualTo(new Evaluation.Failed("the result is larger than 2000000 characters"));
    }

    @Test
    @DisplayName("deep nesting and long sources are refused, not a stack overflow")
    void sourcesAreBounded() {
        String deep = "(".repeat(3_000) + "1" + ")".repeat(3_000);
        String lists = "[".repeat(3_900) + "]".repeat(3_900);
        String sum = "1" + "+1".repeat(3_500);

        assertThat(CEL.evaluate(new Expression(deep), Map.of()))
                .isInstanceOf(Evaluation.Failed.class);
        assertThat(CEL.evaluate(new Expression(lists), Map.of()))
                .isInstanceOf(Evaluation.Failed.class);
        assertThat(CEL.evaluate(new Expression(sum), Map.of())).isNotNull();
        assertThat(CEL.evaluate(new Expression("1" + " ".repeat(9_000)), Map.of()))
                .isInstanceOf(Evaluation.Failed.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "args.amount <= | the expression ends too early (column 15)",
                "arg.amount <= 5 | unknown name 'arg'; did you mean 'args'? (column 1)",
                "1 + 'a' | '+' does not take int and string (column 3)",
                "size(args) | expected true or false, but this is of type int",
            })
    void compileErrorsAreFoundAtLoad(String source, String reason) {
        assertThat(
                        CEL.compileError(
                                new Expression(source), Set.of("args", "input"), Result.CONDITION))
                .contains(reason);
    }

    @Test
    void aRightExpressionHasNoCompileError() {
        Expression condition = new Expression("args.amount <= 50.0 && tool.name == 'x'");

        assertThat(CEL.compileError(condition, Set.of("args", "tool"), Result.CONDITION)).isEmpty();
    }

    @Property(tries = 300)
    @Label("no text makes an evaluation throw")
    void neverThrows(@ForAll @StringLength(max = 40) String source) {
        assertThat(CEL.evaluate(new Expression(source), VARIABLES)).isNotNull();
        assertThat(CEL.compileError(new Expression(source), Set.of("args"), Result.ANY))
                .isNotNull();
    }
}
