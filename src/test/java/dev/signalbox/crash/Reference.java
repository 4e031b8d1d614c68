package dev.signalbox.crash;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Definitions;
import dev.signalbox.definition.Schemas;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.PinnedDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A run that the sweeps kill at every boundary.
///
/// @param name what the tables call it
record Reference(String name, PinnedDefinition definition, Json input) {

    /// Where the definitions are.
    static final Path DIRECTORY = Path.of("src", "test", "resources", "crash").toAbsolutePath();

    private static final Json INPUT = Json.of(Map.of("ref", "A-1"));
    private static final Definitions DEFINITIONS = read();

    /// All of them. Another one is another entry.
    static List<Reference> all() {
        return List.of(
                agent("crash-parallel"),
                paid("crash-parallel"),
                agent("crash-approval"),
                agent("crash-revise"),
                agent("crash-retry"),
                agent("crash-everything"),
                workflow("crash-chain"),
                workflow("crash-saga"),
                workflow("crash-waits"),
                workflow("crash-children"),
                workflow("crash-budget"),
                agent("crash-delegates"));
    }

    /// What references let run, by digest.
    static Map<Digest, PinnedDefinition> children() {
        return DEFINITIONS.runnable().stream()
                .filter(definition -> definition.ref().name().startsWith("crash-child-"))
                .collect(
                        Collectors.toUnmodifiableMap(
                                PinnedDefinition::digest, definition -> definition));
    }

    static Reference agent(String name) {
        return new Reference(name, pinned(name), INPUT);
    }

    static Reference workflow(String name) {
        return new Reference(name, DEFINITIONS.latestWorkflow(name).orElseThrow(), INPUT);
    }

    /// The same agent on a model that costs money: its calls are not made ahead of their commits.
    static Reference paid(String name) {
        PinnedAgent pinned = pinned(name);
        AgentDefinition agent = pinned.agent();
        return new Reference(
                name + ", paid",
                new PinnedAgent(
                        pinned.digest(),
                        new AgentDefinition(
                                agent.name(),
                                agent.version(),
                                new ModelRef(
                                        Provider.OPENAI,
                                        agent.model().name(),
                                        Optional.empty(),
                                        Optional.empty()),
                                agent.instructions(),
                                agent.tools(),
                                agent.policy(),
                                agent.limits(),
                                agent.input(),
                                agent.output(),
                                agent.verify(),
                                agent.script()),
                        pinned.tools(),
                        pinned.policy()),
                INPUT);
    }

    /// Whether its model calls wait for their commits.
    boolean paid() {
        return definition instanceof PinnedAgent pinned
                && pinned.agent().model().provider() != Provider.SCRIPTED;
    }

    private static PinnedAgent pinned(String name) {
        return DEFINITIONS.latest(name).orElseThrow();
    }

    private static Definitions read() {
        Path file = DIRECTORY.resolve("reference.yaml");
        try {
            return new DefinitionReader(new CelExpressions(), new Schemas())
                    .read(List.of(new Source("reference.yaml", Files.readString(file))));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
