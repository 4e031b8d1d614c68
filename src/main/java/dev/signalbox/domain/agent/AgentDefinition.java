package dev.signalbox.domain.agent;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.ModelChoice;
import dev.signalbox.domain.verify.VerifyRule;
import java.util.List;
import java.util.Optional;

/// An agent, as its document says it.
///
/// @param fallbacks whom it talks to when `model` does not answer, in this order
/// @param tools names of the tools that it may propose to call
/// @param policy name of the policy that decides its calls
/// @param input JSON Schema of a run's input, if it is to be checked
/// @param output JSON Schema of the output; an agent without one answers in text
/// @param script the scripted model's turns; empty with any other model
/// @param retention how long its runs are kept
public record AgentDefinition(
        String name,
        String version,
        ModelRef model,
        List<ModelRef> fallbacks,
        String instructions,
        List<String> tools,
        String policy,
        Limits limits,
        Optional<JsonObject> input,
        Optional<JsonObject> output,
        List<VerifyRule> verify,
        List<ScriptTurn> script,
        RetentionTerms retention) {

    public AgentDefinition {
        fallbacks = List.copyOf(fallbacks);
        tools = List.copyOf(tools);
        verify = List.copyOf(verify);
        script = List.copyOf(script);
    }

    /// One that says nothing of how long its runs are kept.
    public AgentDefinition(
            String name,
            String version,
            ModelRef model,
            List<ModelRef> fallbacks,
            String instructions,
            List<String> tools,
            String policy,
            Limits limits,
            Optional<JsonObject> input,
            Optional<JsonObject> output,
            List<VerifyRule> verify,
            List<ScriptTurn> script) {
        this(
                name,
                version,
                model,
                fallbacks,
                instructions,
                tools,
                policy,
                limits,
                input,
                output,
                verify,
                script,
                RetentionTerms.NONE);
    }

    /// One without fallbacks that says nothing of how long its runs are kept.
    public AgentDefinition(
            String name,
            String version,
            ModelRef model,
            String instructions,
            List<String> tools,
            String policy,
            Limits limits,
            Optional<JsonObject> input,
            Optional<JsonObject> output,
            List<VerifyRule> verify,
            List<ScriptTurn> script) {
        this(
                name,
                version,
                model,
                List.of(),
                instructions,
                tools,
                policy,
                limits,
                input,
                output,
                verify,
                script);
    }

    /// The model that a call is put to.
    public ModelRef model(ModelChoice choice) {
        return choice.fallback() == 0 ? model : fallbacks.get(choice.fallback() - 1);
    }
}
