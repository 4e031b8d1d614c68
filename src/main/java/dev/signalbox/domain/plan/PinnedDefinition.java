package dev.signalbox.domain.plan;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.ToolDefinition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A definition with everything that it refers to: what a run pins when it is submitted, and what
/// plans the run from then on.
///
/// Guarantee: planning is pure. The same definition, state, effects in flight and time give the
/// same actions, today and at replay.
public interface PinnedDefinition {

    /// Kind, name, version and digest. The digest covers the definition, its tools and its policy:
    /// a change of any of them is another digest.
    DefinitionRef ref();

    /// What its runs may call, by name.
    Map<String, ToolDefinition> tools();

    /// What its runs may have run for them, by how steps and tools name it, see [Child#key].
    Map<String, Child> children();

    /// A definition that is run for another.
    ///
    /// @param input JSON Schema of its input, if it has one
    /// @param limits what its own definition lets it use
    record Child(DefinitionRef ref, Optional<JsonObject> input, Budget limits) {

        public static String key(RunCall run) {
            return key(kind(run), run.name(), run.version());
        }

        /// What such a tool runs.
        public static DefinitionRef.Kind kind(RunCall run) {
            return switch (run.kind()) {
                case AGENT -> DefinitionRef.Kind.AGENT;
                case WORKFLOW -> DefinitionRef.Kind.WORKFLOW;
            };
        }

        /// How a step or a tool names it.
        public static String key(
                DefinitionRef.Kind kind, String name, Optional<String> version) {
            return StepNames.childOf(kind, name)
                    + version.map(which -> "@" + which).orElse("");
        }
    }

    /// What decides those calls.
    PolicyDefinition policy();

    /// What one run may use up, all below it included.
    Limits limits();

    /// The actions that can be taken now, in order; all of one kind: effects, steps, or one rest.
    /// Empty only while effects in flight have to come back first.
    ///
    /// @param inFlight effects that this process has sent and that have not come back yet
    List<Action> plan(Running run, Set<EffectId> inFlight, Instant now);

    /// The most runs that there can be below one of this definition, as far as it can be told
    /// without running it.
    default long mostRuns() {
        long deepest =
                children().values().stream()
                        .mapToLong(child -> child.limits().runs().orElse(0L))
                        .max()
                        .orElse(-1);
        long own =
                ref().kind() == DefinitionRef.Kind.AGENT
                        ? limits().toolCalls()
                        : limits().children();
        return Math.min(own * (1 + deepest), 1_000_000);
    }

    default Digest digest() {
        return ref().digest();
    }

    /// What runs in the place of the tool of that name, if it is one that does.
    default Optional<Child> childOf(String tool) {
        return tool(tool).map(ToolDefinition::transport).stream()
                .flatMap(
                        transport ->
                                transport instanceof RunCall run
                                        ? Stream.of(Child.key(run))
                                        : Stream.empty())
                .map(children()::get)
                .findFirst();
    }

    /// The tool of that name, if its runs may call it.
    default Optional<ToolDefinition> tool(String name) {
        return Optional.ofNullable(tools().get(name));
    }
}
