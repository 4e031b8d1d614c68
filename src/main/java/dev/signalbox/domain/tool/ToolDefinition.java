package dev.signalbox.domain.tool;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.List;
import java.util.Optional;

/// A tool that an agent may propose to call.
///
/// @param input JSON Schema of the arguments
/// @param output JSON Schema of the result, if it is to be checked
/// @param auth names of the host's bindings to attach to a call; their values never appear here
/// @param callsPerRun most calls of the tool in one run, retries not counted
/// @param probe how to find out whether a call happened, if there is a way
/// @param digest covers every field of the document
public record ToolDefinition(
        String name,
        String description,
        JsonObject input,
        Optional<JsonObject> output,
        SideEffect sideEffect,
        Idempotency idempotency,
        List<String> auth,
        Transport transport,
        Optional<Integer> callsPerRun,
        Optional<Probe> probe,
        Digest digest) {

    public ToolDefinition {
        auth = List.copyOf(auth);
    }

    /// A tool without a limit of its own and without a probe.
    public ToolDefinition(
            String name,
            String description,
            JsonObject input,
            Optional<JsonObject> output,
            SideEffect sideEffect,
            Idempotency idempotency,
            List<String> auth,
            Transport transport,
            Digest digest) {
        this(
                name,
                description,
                input,
                output,
                sideEffect,
                idempotency,
                auth,
                transport,
                Optional.empty(),
                Optional.empty(),
                digest);
    }

    /// Whether a call whose outcome is unknown may simply be made again with the same effect id.
    public boolean safeToRepeat() {
        return !sideEffect.writes() || idempotency != Idempotency.NONE;
    }
}
