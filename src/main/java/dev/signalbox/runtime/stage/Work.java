package dev.signalbox.runtime.stage;

import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.branch.BranchPlan;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import java.util.Optional;

/// What a stage may know of the run that it works on.
public interface Work {

    PinnedDefinition definition();

    /// The run's definition, where only an agent's run can be.
    default PinnedAgent agent() {
        if (definition() instanceof PinnedAgent agent) {
            return agent;
        }
        throw new IllegalStateException(definition().ref().name() + " is not an agent");
    }

    /// The run's definition, where only a workflow's run can be.
    default PinnedWorkflow workflow() {
        if (definition() instanceof PinnedWorkflow workflow) {
            return workflow;
        }
        throw new IllegalStateException(definition().ref().name() + " is not a workflow");
    }

    Progress progress();

    /// The value behind a digest that the run's journal names.
    ///
    /// @throws MissingPayloadException if it was erased
    Json payload(Digest digest);

    /// What the run's branching planned for this call; empty if it is of no branch, or has not been
    /// made by the origin.
    default Optional<BranchPlan.Repeat> repeated(String tool, Digest arguments) {
        return Optional.empty();
    }

    /// What models have been told of an agent's run, kept from turn to turn.
    ChatHistory chat();

    /// The run's input.
    default Json input() {
        return payload(progress().identity().input());
    }
}
