package dev.signalbox.definition;

import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.agent.VersionOrder;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Everything that one load defines; every reference in it leads somewhere.
///
/// @param agents by name, and by version from the lowest
/// @param workflows likewise
/// @param tools by name
/// @param policies by name
/// @param jobs by name
public record Definitions(
        List<PinnedAgent> agents,
        List<PinnedWorkflow> workflows,
        Map<String, ToolDefinition> tools,
        Map<String, PolicyDefinition> policies,
        List<JobDefinition> jobs) {

    private static final Comparator<PinnedDefinition> ORDER =
            Comparator.comparing((PinnedDefinition definition) -> definition.ref().name())
                    .thenComparing(
                            definition -> definition.ref().version(), VersionOrder.INSTANCE);

    public Definitions {
        agents = agents.stream().sorted(ORDER).toList();
        workflows = workflows.stream().sorted(ORDER).toList();
        tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
        jobs = jobs.stream().sorted(Comparator.comparing(JobDefinition::name)).toList();
    }

    /// Everything that runs can be of.
    public List<PinnedDefinition> runnable() {
        return Stream.<PinnedDefinition>concat(agents.stream(), workflows.stream()).toList();
    }

    /// The highest version of the workflow of that name.
    public Optional<PinnedWorkflow> latestWorkflow(String name) {
        return workflows.stream()
                .filter(workflow -> workflow.workflow().name().equals(name))
                .reduce((_, higher) -> higher);
    }

    /// The agent of that name and version.
    public Optional<PinnedAgent> agent(String name, String version) {
        return versions(name).filter(agent -> agent.agent().version().equals(version)).findFirst();
    }

    /// The highest version of the agent of that name.
    public Optional<PinnedAgent> latest(String name) {
        return versions(name).reduce((_, higher) -> higher);
    }

    private Stream<PinnedAgent> versions(String name) {
        return agents.stream().filter(agent -> agent.agent().name().equals(name));
    }
}
