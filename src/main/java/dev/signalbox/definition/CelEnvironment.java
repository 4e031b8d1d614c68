package dev.signalbox.definition;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.Program;
import dev.cel.runtime.standard.StringFunction.StringOverload;
import dev.signalbox.domain.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The dialect of CEL that definitions are written in: the standard one, plus arithmetic between
/// `int` and `double` (JSON knows one kind of number), and `string(20.0)` is `20`.
///
/// Bounds: an expression has at most 8,000 characters and nests at most 60 deep; one evaluation
/// makes
/// at most 10,000 iterations over lists and maps; regular expressions run in linear time.
final class CelEnvironment {

    private static final String PREFIX = "signalbox_";

    private static final int MAX_CHARACTERS = 8_000;
    private static final int MAX_DEPTH = 60;
    private static final int MAX_NODES = 5_000;
    private static final int MAX_ITERATIONS = 10_000;
    private static final int MAX_REGEX_PROGRAM = 2_000;

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(MAX_CHARACTERS)
                    .maxParseRecursionDepth(MAX_DEPTH)
                    .maxParseExpressionNodeCount(MAX_NODES)
                    .comprehensionMaxIterations(MAX_ITERATIONS)
                    .maxRegexProgramSize(MAX_REGEX_PROGRAM)
                    .build();

    /// Operators that the standard defines for two numbers of one kind only, and the names of
    /// their mixed overloads.
    private static final Map<String, String> MIXED_OPERATORS =
            Map.of("_+_", "add", "_-_", "subtract", "_*_", "multiply", "_/_", "divide");

    private static final List<CelFunctionBinding> MIXED_BINDINGS =
            List.of(
                    mixed("add_int_double", Long.class, Double.class, (a, b) -> a + b),
                    mixed("add_double_int", Double.class, Long.class, (a, b) -> a + b),
                    mixed("subtract_int_double", Long.class, Double.class, (a, b) -> a - b),
                    mixed("subtract_double_int", Double.class, Long.class, (a, b) -> a - b),
                    mixed("multiply_int_double", Long.class, Double.class, (a, b) -> a * b),
                    mixed("multiply_double_int", Double.class, Long.class, (a, b) -> a * b),
                    mixed("divide_int_double", Long.class, Double.class, (a, b) -> a / b),
                    mixed("divide_double_int", Double.class, Long.class, (a, b) -> a / b));

    private final CelRuntime runtime = runtime();

    /// A compiler that knows `variables`, each of any type.
    CelCompiler compiler(Set<String> variables) {
        CelCompilerBuilder builder =
                CelCompilerFactory.standardCelCompilerBuilder()
                        .setOptions(OPTIONS)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS);
        MIXED_OPERATORS.forEach(
                (function, name) -> builder.addFunctionDeclarations(declaration(function, name)));
        variables.forEach(variable -> builder.addVar(variable, SimpleType.DYN));
        return builder.build();
    }

    Program program(CelAbstractSyntaxTree tree) throws CelEvaluationException {
        return runtime.createProgram(tree);
    }

    private static CelRuntime runtime() {
        List<CelFunctionBinding> bindings = new ArrayList<>(MIXED_BINDINGS);
        bindings.add(
                CelFunctionBinding.from("double_to_string", Double.class, CelEnvironment::text));
        return CelRuntimeFactory.legacyCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardFunctions(
                        CelStandardFunctions.newBuilder()
                                .filterFunctions(
                                        (_, overload) ->
                                                overload != StringOverload.DOUBLE_TO_STRING)
                                .build())
                .addFunctionBindings(bindings)
                .build();
    }

    private static String text(double number) {
        return Double.isFinite(number) ? Json.of(number).canonical() : String.valueOf(number);
    }

    private static CelFunctionDecl declaration(String function, String name) {
        return CelFunctionDecl.newFunctionDeclaration(
                function,
                CelOverloadDecl.newGlobalOverload(
                        PREFIX + name + "_int_double",
                        SimpleType.DOUBLE,
                        SimpleType.INT,
                        SimpleType.DOUBLE),
                CelOverloadDecl.newGlobalOverload(
                        PREFIX + name + "_double_int",
                        SimpleType.DOUBLE,
                        SimpleType.DOUBLE,
                        SimpleType.INT));
    }

    private static <A, B> CelFunctionBinding mixed(
            String name, Class<A> left, Class<B> right, CelFunctionOverload.Binary<A, B> operator) {
        return CelFunctionBinding.from(PREFIX + name, left, right, operator);
    }
}
