package dev.signalbox.domain.plan;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.tool.ToolDefinition;
import java.util.Locale;
import java.util.Map;

/// What the conditions of a policy may speak of.
///
/// Guarantee: the one place that says so. Consequence: a policy that is tried on recorded calls
/// decides as it would have decided then.
public final class PolicyFacts {

    private PolicyFacts() {}

    /// The variables `tool`, `args`, `input` and `run` of one call.
    public static Map<String, Json> of(
            RunIdentity run, ToolDefinition tool, Json arguments, Json input) {
        return Map.of(
                "tool",
                Json.of(
                        Map.of(
                                "name",
                                tool.name(),
                                "sideEffect",
                                tool.sideEffect().name().toLowerCase(Locale.ROOT))),
                "args",
                arguments,
                "input",
                input,
                "run",
                Json.of(
                        Map.of(
                                "id",
                                run.id().toString(),
                                "definition",
                                run.definition().name(),
                                "version",
                                run.definition().version(),
                                "requestedBy",
                                run.requestedBy(),
                                "tenant",
                                run.tenant(),
                                "labels",
                                run.labels())));
    }
}
