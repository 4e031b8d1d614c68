package dev.signalbox.domain.verify;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.Expression;

/// One thing that must hold of an agent's output.
public sealed interface VerifyRule {

    OnFail onFail();

    /// The expression, over `output` and `input`, must be `true`.
    record CelRule(Expression cel, OnFail onFail) implements VerifyRule {}

    /// The output must match the JSON Schema.
    record SchemaRule(JsonObject schema, OnFail onFail) implements VerifyRule {}

    /// What a finding leads to.
    enum OnFail {
        /// The run fails.
        FAIL,
        /// The finding goes back to the model for another try.
        REVISE
    }
}
