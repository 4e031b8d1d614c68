package dev.signalbox.runtime.model.exchange;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ModelReply;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What one provider does in its own way. LangChain4j puts the conversation into the provider's
/// words and reads the answer; a dialect puts in what LangChain4j would change or drop (schemas,
/// above all), and says what the provider's refusals mean.
public interface Dialect {

    Provider provider();

    /// Root of the API; empty while nothing is configured.
    Optional<String> baseUrl();

    /// Which settings are missing when [#baseUrl] is empty.
    String whatToSet();

    /// @throws RuntimeException if the provider knows no such model name or setting
    ChatModel model(ModelRef model, String baseUrl, HttpClientBuilder http);

    /// The same model, answering in parts.
    ///
    /// @throws RuntimeException if the provider knows no such model name or setting
    StreamingChatModel streaming(ModelRef model, String baseUrl, HttpClientBuilder http);

    /// Puts the parts of one streamed answer in order where LangChain4j would misread them.
    default UnaryOperator<String> mending() {
        return UnaryOperator.identity();
    }

    /// Whether the agent's output schema goes along as a response format. If it does not, the model
    /// is asked for it in its instructions.
    boolean formats(PinnedAgent agent, ModelRef model);

    /// Puts into a request's body what LangChain4j leaves out.
    void complete(ObjectNode body, Outgoing outgoing);

    /// What the body of a refusal says.
    Complaint complaint(JsonObject body);

    /// The code of a refusal that no further try will change, where the status alone does not say.
    Optional<String> lasting(int status, Complaint complaint);

    /// How an answer with a status of 2xx, or a part of one that is streamed, ends the call all the
    /// same: blocked, refused, broken off.
    Optional<ModelReply> objection(JsonObject body);

    /// Input tokens are all of them, those from the provider's cache included.
    TokenUsage usage(dev.langchain4j.model.output.TokenUsage usage);

    /// A count that may be missing.
    static long count(@org.jspecify.annotations.Nullable Integer tokens) {
        return tokens == null ? 0 : Math.max(0, tokens);
    }
}
