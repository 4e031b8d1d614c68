package dev.signalbox.support;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.Expressions;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Expressions that a test spells out as functions; an unknown one, and one that throws, fails.
public final class FakeExpressions implements Expressions {

    private final Map<String, Function<Map<String, Json>, Object>> known = new HashMap<>();

    public FakeExpressions when(String source, Function<Map<String, Json>, Object> value) {
        known.put(source, value);
        return this;
    }

    @Override
    public Evaluation evaluate(Expression expression, Map<String, Json> variables) {
        Function<Map<String, Json>, Object> function = known.get(expression.source());
        if (function == null) {
            return new Evaluation.Failed("unknown expression");
        }
        try {
            return new Evaluation.Value(Json.of(function.apply(variables)));
        } catch (RuntimeException failure) {
            return new Evaluation.Failed(String.valueOf(failure.getMessage()));
        }
    }
}
