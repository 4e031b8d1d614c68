package dev.signalbox.domain.policy;

import dev.signalbox.domain.json.Json;
import java.util.Map;

/// Evaluates expressions over named JSON values.
///
/// Guarantee: pure and non-blocking; an expression is compiled once, however often it is evaluated.
public interface Expressions {

    /// What an evaluation came to.
    sealed interface Evaluation {

        record Value(Json value) implements Evaluation {
            /// Whether the value is the boolean `true`.
            public boolean isTrue() {
                return value.equals(new Json.JsonBool(true));
            }
        }

        /// The expression could not be evaluated over these values: a missing field, a wrong type.
        record Failed(String reason) implements Evaluation {}
    }

    Evaluation evaluate(Expression expression, Map<String, Json> variables);
}
