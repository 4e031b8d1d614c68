package dev.signalbox.definition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelKind;
import dev.cel.common.types.CelType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.Expressions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// CEL over JSON.
///
/// JSON numbers are doubles, integers beyond 2^53 are int64. Numbers of both kinds compare and
/// calculate with one another, so `args.count == 1` and `results[0].total * 2` mean what they say.
///
/// Guarantee: never throws. What cannot be compiled or evaluated, has no JSON value (`NaN`, bytes,
/// types) or grows too large is [Expressions.Evaluation.Failed], with a reason that repeats nothing
/// but the expression itself. Work is bounded: see [CelEnvironment].
public final class CelExpressions implements Expressions {

    /// Every name that an expression may speak of anywhere; at load a context allows fewer.
    static final Set<String> VARIABLES =
            Set.of(
                    "tool", "args", "input", "run", "output", "results", "item", "steps",
                    "answer", "effectId");

    private static final int CACHED_PROGRAMS = 2_000;
    private static final int CACHED_TREES = 2_000;
    private static final int CACHED_COMPILERS = 50;

    /// What an expression has to give where it stands.
    public enum Result {
        /// `true` or `false`.
        CONDITION("true or false", CelKind.BOOL),
        /// A JSON object.
        OBJECT("an object", CelKind.MAP),
        /// A time, as such or as a text.
        TIME("a time", CelKind.STRING),
        /// Any JSON value.
        ANY("a value", CelKind.DYN);

        private final String expected;
        private final CelKind kind;

        Result(String expected, CelKind kind) {
            this.expected = expected;
            this.kind = kind;
        }

        private boolean mayBe(CelType type) {
            return this == ANY
                    || type.kind() == kind
                    || type.kind() == CelKind.DYN
                    || (this == TIME && type.kind() == CelKind.TIMESTAMP);
        }
    }

    private sealed interface Compiled {
        record Ready(Program program) implements Compiled {}

        record Broken(String reason) implements Compiled {}
    }

    private sealed interface Checked {
        record Tree(CelAbstractSyntaxTree tree) implements Checked {}

        record Wrong(String reason) implements Checked {}
    }

    private record Text(String source, Set<String> variables) {}

    private final CelEnvironment environment = new CelEnvironment();
    private final BoundedCache<String, Compiled> programs = new BoundedCache<>(CACHED_PROGRAMS);
    private final BoundedCache<Text, Checked> trees = new BoundedCache<>(CACHED_TREES);
    private final BoundedCache<Set<String>, CelCompiler> compilers =
            new BoundedCache<>(CACHED_COMPILERS);

    @Override
    public Evaluation evaluate(Expression expression, Map<String, Json> variables) {
        return switch (programs.get(expression.source(), this::compiled)) {
            case Compiled.Broken(String reason) -> new Evaluation.Failed(reason);
            case Compiled.Ready(Program program) -> run(program, expression, variables);
        };
    }

    /// Why `expression` cannot stand where only `variables` are known and `expected` is asked for,
    /// with the column; empty if it can.
    public Optional<String> compileError(
            Expression expression, Set<String> variables, Result expected) {
        return switch (checked(expression.source(), variables)) {
            case Checked.Wrong(String reason) -> Optional.of(reason);
            case Checked.Tree(var tree) when !expected.mayBe(tree.getResultType()) ->
                    Optional.of(
                            "expected "
                                    + expected.expected
                                    + ", but this is of type "
                                    + tree.getResultType().name());
            case Checked.Tree _ -> Optional.empty();
        };
    }

    /// Which members of `variable` the expression speaks of; none if it does not compile.
    CelMembers.Use members(Expression expression, String variable) {
        return switch (checked(expression.source(), VARIABLES)) {
            case Checked.Tree(var tree) -> CelMembers.of(tree.getExpr(), variable);
            case Checked.Wrong _ -> new CelMembers.Use(List.of(), false);
        };
    }

    private Compiled compiled(String source) {
        try {
            return switch (checked(source, VARIABLES)) {
                case Checked.Tree(var tree) -> new Compiled.Ready(environment.program(tree));
                case Checked.Wrong(String reason) -> new Compiled.Broken(reason);
            };
        } catch (CelEvaluationException invalid) {
            return new Compiled.Broken(CelReasons.of(invalid, source));
        } catch (StackOverflowError tooDeep) {
            return new Compiled.Broken(CelReasons.TOO_DEEP);
        }
    }

    /// Checking takes a millisecond, and a definition may say the same thing often.
    private Checked checked(String source, Set<String> variables) {
        return trees.get(new Text(source, variables), this::check);
    }

    private Checked check(Text text) {
        try {
            return new Checked.Tree(
                    compilers
                            .get(text.variables(), environment::compiler)
                            .compile(text.source())
                            .getAst());
        } catch (CelValidationException invalid) {
            return new Checked.Wrong(CelReasons.of(invalid, text.source(), text.variables()));
        } catch (StackOverflowError tooDeep) {
            return new Checked.Wrong(CelReasons.TOO_DEEP);
        }
    }

    private static Evaluation run(
            Program program, Expression expression, Map<String, Json> variables) {
        CelVariableResolver resolver =
                name -> Optional.ofNullable(variables.get(name)).map(CelValues::toCel);
        try {
            return new Evaluation.Value(CelValues.toJson(program.eval(resolver)));
        } catch (CelEvaluationException failed) {
            return new Evaluation.Failed(CelReasons.of(failed, expression.source()));
        } catch (CelValues.NotJson notJson) {
            return new Evaluation.Failed(notJson.reason());
        } catch (StackOverflowError tooDeep) {
            return new Evaluation.Failed(CelReasons.TOO_DEEP);
        } catch (RuntimeException unexpected) {
            return new Evaluation.Failed(
                    "cannot be evaluated (" + unexpected.getClass().getSimpleName() + ")");
        }
    }
}
