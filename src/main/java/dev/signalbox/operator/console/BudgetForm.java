package dev.signalbox.operator.console;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.operator.BudgetTotals;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The form that raises a budget: a field that is left empty says nothing.
final class BudgetForm {

    private static final int LONGEST = 30;

    private BudgetForm() {}

    static BudgetTotals read(
            @Nullable String modelCalls,
            @Nullable String toolCalls,
            @Nullable String tokens,
            @Nullable String costUsd,
            @Nullable String wallClock) {
        return new BudgetTotals(
                number("modelCalls", modelCalls, Long::valueOf),
                number("toolCalls", toolCalls, Long::valueOf),
                number("tokens", tokens, Long::valueOf),
                number("costUsd", costUsd, BigDecimal::new),
                filled(wallClock));
    }

    private static Optional<String> filled(@Nullable String text) {
        return Optional.ofNullable(text).map(String::strip).filter(some -> !some.isEmpty());
    }

    private static <N> Optional<N> number(
            String field, @Nullable String text, Function<String, N> read) {
        try {
            return filled(text)
                    .map(some -> some.length() <= LONGEST ? some : some.substring(0, LONGEST) + "…")
                    .map(read);
        } catch (NumberFormatException _) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            field,
                            "'" + field + "' is not a number that can stand here",
                            "a number")
                    .asException();
        }
    }
}
