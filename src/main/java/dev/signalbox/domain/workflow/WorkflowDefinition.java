package dev.signalbox.domain.workflow;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.verify.VerifyRule;
import java.util.List;
import java.util.Optional;

/// A workflow, as its document says it.
///
/// @param steps in the order of the document; what they need makes no cycle
/// @param policy name of the policy that decides its calls
/// @param input JSON Schema of a run's input, if it is to be checked
/// @param output gives the output; without it, the outputs of the last steps by their ids
/// @param verify what must hold of the output
/// @param retention how long its runs are kept
public record WorkflowDefinition(
        String name,
        String version,
        List<WorkflowStep> steps,
        String policy,
        Limits limits,
        Optional<JsonObject> input,
        Optional<StepExpression> output,
        List<VerifyRule> verify,
        RetentionTerms retention) {

    public WorkflowDefinition {
        steps = List.copyOf(steps);
        verify = List.copyOf(verify);
    }

    /// One that says nothing of how long its runs are kept.
    public WorkflowDefinition(
            String name,
            String version,
            List<WorkflowStep> steps,
            String policy,
            Limits limits,
            Optional<JsonObject> input,
            Optional<StepExpression> output,
            List<VerifyRule> verify) {
        this(
                name,
                version,
                steps,
                policy,
                limits,
                input,
                output,
                verify,
                RetentionTerms.NONE);
    }
}
