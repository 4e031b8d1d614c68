package dev.signalbox.domain.agent;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.tool.ToolDefinition;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An agent with everything that it refers to: what a run pins when it is submitted.
///
/// @param digest covers the agent, its tools and its policy: a change of any of them is another
///     digest
/// @param tools by name
public record PinnedAgent(
        Digest digest,
        AgentDefinition agent,
        Map<String, ToolDefinition> tools,
        PolicyDefinition policy) {

    public PinnedAgent {
        tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
    }

    /// The tool of that name, if the agent may propose it.
    public Optional<ToolDefinition> tool(String name) {
        return Optional.ofNullable(tools.get(name));
    }
}
