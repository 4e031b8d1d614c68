package dev.signalbox.domain.approval;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.Map;

/// The exact call that an approval is for. Anything else about it changed, it is another call.
///
/// @param toolDigest the tool's definition
/// @param definitionDigest the agent's pinned definition: on whose behalf the call is made
/// @param requestedBy who asked for the run
public record CallBinding(
        EffectId effectId,
        String tool,
        Digest toolDigest,
        Digest arguments,
        Digest definitionDigest,
        Digest policyDigest,
        String tenant,
        String requestedBy) {

    public Digest digest() {
        return new JsonObject(
                        Map.of(
                                "effectId", Json.text(effectId.value()),
                                "tool", Json.text(tool),
                                "toolDigest", Json.text(toolDigest.value()),
                                "arguments", Json.text(arguments.value()),
                                "definitionDigest", Json.text(definitionDigest.value()),
                                "policyDigest", Json.text(policyDigest.value()),
                                "tenant", Json.text(tenant),
                                "requestedBy", Json.text(requestedBy)))
                .digest();
    }
}
