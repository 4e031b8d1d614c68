package dev.signalbox.domain.agent;

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
import java.util.Set;

/// An agent with everything that it refers to.
public record PinnedAgent(
        Digest digest,
        AgentDefinition agent,
        Map<String, ToolDefinition> tools,
        PolicyDefinition policy,
        Map<String, Child> children)
        implements PinnedDefinition {

    public PinnedAgent {
        children = Collections.unmodifiableMap(new LinkedHashMap<>(children));
        tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
    }

    /// One that has nothing run for it.
    public PinnedAgent(
            Digest digest,
            AgentDefinition agent,
            Map<String, ToolDefinition> tools,
            PolicyDefinition policy) {
        this(digest, agent, tools, policy, Map.of());
    }

    @Override
    public DefinitionRef ref() {
        return new DefinitionRef(DefinitionRef.Kind.AGENT, agent.name(), agent.version(), digest);
    }

    @Override
    public Limits limits() {
        return agent.limits();
    }

    @Override
    public List<Action> plan(Running run, Set<EffectId> inFlight, Instant now) {
        return AgentPlanner.plan(this, run, inFlight, now);
    }
}
