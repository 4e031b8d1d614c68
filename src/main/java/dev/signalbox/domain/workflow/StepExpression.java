package dev.signalbox.domain.workflow;

import dev.signalbox.domain.policy.Expression;
import java.util.List;

/// An expression over `input` and `steps`.
///
/// @param reads the steps that it speaks of
public record StepExpression(Expression expression, List<String> reads) {

    public StepExpression {
        reads = List.copyOf(reads);
    }
}
