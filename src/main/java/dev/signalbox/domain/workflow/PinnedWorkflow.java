package dev.signalbox.domain.workflow;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.tool.ToolDefinition;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A workflow with everything that it refers to.
///
/// @param graph of the workflow's steps
public record PinnedWorkflow(
        Digest digest,
        WorkflowDefinition workflow,
        Map<String, ToolDefinition> tools,
        PolicyDefinition policy,
        Map<String, Child> children,
        StepGraph graph)
        implements PinnedDefinition {

    public PinnedWorkflow {
        tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
        children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
    }

    public PinnedWorkflow(
            Digest digest,
            WorkflowDefinition workflow,
            Map<String, ToolDefinition> tools,
            PolicyDefinition policy,
            Map<String, Child> children) {
        this(digest, workflow, tools, policy, children, StepGraph.of(workflow.steps()));
    }

    /// What the step lets run.
    public Child child(WorkflowStep.Task.RunChild task) {
        return Optional.ofNullable(children.get(Child.key(task.kind(), task.name(), task.version()))).orElseThrow();
    }

    @Override
    public DefinitionRef ref() {
        return new DefinitionRef(
                DefinitionRef.Kind.WORKFLOW, workflow.name(), workflow.version(), digest);
    }

    @Override
    public Limits limits() {
        return workflow.limits();
    }

    @Override
    public List<Action> plan(Running run, Set<EffectId> inFlight, Instant now) {
        return WorkflowPlanner.plan(this, run, inFlight, now);
    }
}
