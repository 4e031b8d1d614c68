package dev.signalbox.domain.workflow;

import java.util.List;
import java.util.Optional;

/// One step of a workflow.
///
/// @param needs steps that must be done, completed or skipped, before this one begins
/// @param when the step is skipped unless this is true
public record WorkflowStep(
        String id,
        List<String> needs,
        Optional<StepExpression> when,
        Task task,
        StepTerms terms) {

    /// What a step does.
    public sealed interface Task {

        /// Calls a tool.
        ///
        /// @param input gives the arguments; without it they are empty
        record CallTool(String tool, Optional<StepExpression> input) implements Task {}
    }

    public WorkflowStep {
        needs = List.copyOf(needs);
    }

    /// A step on the usual terms.
    public WorkflowStep(
            String id, List<String> needs, Optional<StepExpression> when, Task task) {
        this(id, needs, when, task, StepTerms.DEFAULT);
    }
}
