package dev.signalbox.domain.workflow;

import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.run.DefinitionRef;
import java.time.Duration;
import java.time.Instant;
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

        /// Waits so long.
        record WaitFor(Duration duration) implements Task {}

        /// Waits until a time.
        record WaitUntil(Instant time) implements Task {}

        /// Waits until the time that the expression gives, as RFC 3339.
        record WaitUntilTime(StepExpression time) implements Task {}

        /// Waits for a named signal; what it brings is the step's output.
        record WaitForSignal(String name) implements Task {}

        /// Asks people; their decision and its reason are the step's output.
        ///
        /// @param message what they are asked
        /// @param input gives what they decide on; without it that is empty
        record Decide(
                ApprovalTerms terms, Optional<String> message, Optional<StepExpression> input)
                implements Task {}

        /// Has a run of its own do it, of an agent or of another workflow, whose output is the
        /// step's.
        ///
        /// @param version of the definition; the highest if it is absent
        /// @param input gives the run's input; without it that is empty
        record RunChild(
                DefinitionRef.Kind kind,
                String name,
                Optional<String> version,
                Optional<StepExpression> input)
                implements Task {}

        /// Fails unless the condition holds.
        record Check(StepExpression condition) implements Task {}
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
