package dev.signalbox.support.provider;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.support.OpenAiReply;
import java.util.List;

/// How one provider's API looks on the wire.
///
/// Usage of every answer that is one: 12 input tokens in all, 4 of them from the cache where the
/// provider has one, and 5 output tokens; by the model `stub-model-1`.
public interface ProviderWire {

    /// A call that the model makes; the arguments are a JSON object.
    record Call(String id, String name, String arguments) {}

    /// What a request must be asked at, for the model `stub-1`.
    String path();

    /// What a request for a streamed answer must be asked at.
    default String streamPath() {
        return path();
    }

    /// The header that carries the key, and its value.
    List<String> keyHeader(String key);

    /// @throws IllegalArgumentException if the provider would refuse the request
    void check(JsonObject body);

    OpenAiReply text(String text);

    OpenAiReply calls(Call... calls);

    /// The model was cut off by the output limit before it said anything.
    OpenAiReply cutOff();

    /// The provider's own filter held the answer.
    OpenAiReply blocked();

    /// The text as a stream, a part each.
    OpenAiReply streamed(String... parts);

    /// Calls as a stream, their arguments in several parts if the provider does that.
    OpenAiReply streamedCalls(Call... calls);

    /// A stream that says the text, and then that something is wrong with the server.
    OpenAiReply brokenOff(String text, String message);

    OpenAiReply error(int status, String code, String message);

    /// What a tool's parameters were sent as.
    JsonObject parameters(JsonObject body, int tool);
}
