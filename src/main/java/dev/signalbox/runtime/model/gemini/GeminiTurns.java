package dev.signalbox.runtime.model.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// What Gemini wants of a conversation and LangChain4j does not do: all results of one turn's calls
/// in one content, and a thought signature on the calls of a model that gives them out.
final class GeminiTurns {

    /// What Google's documentation says to send when the signature of a call was not kept.
    private static final String NO_SIGNATURE = "skip_thought_signature_validator";

    private GeminiTurns() {}

    /// Whether the model is of the third generation or later.
    static boolean thinksAloud(String model) {
        String name = model.startsWith("models/") ? model.substring("models/".length()) : model;
        return name.matches("gemini-([3-9]|\\d\\d).*");
    }

    static void complete(ObjectNode body, String model) {
        if (!(body.path("contents") instanceof ArrayNode contents)) {
            return;
        }
        ArrayNode merged = contents.arrayNode();
        for (JsonNode content : contents) {
            JsonNode last = merged.path(merged.size() - 1);
            if (isResult(content) && isResult(last) && last.path("parts") instanceof ArrayNode parts) {
                content.path("parts").forEach(parts::add);
            } else {
                merged.add(content);
            }
        }
        body.set("contents", merged);
        if (thinksAloud(model)) {
            merged.forEach(GeminiTurns::sign);
        }
    }

    private static boolean isResult(JsonNode content) {
        return content.path("parts").path(0).has("functionResponse");
    }

    private static void sign(JsonNode content) {
        for (JsonNode part : content.path("parts")) {
            if (part.has("functionCall") && part instanceof ObjectNode call) {
                call.put("thoughtSignature", NO_SIGNATURE);
                return;
            }
        }
    }
}
