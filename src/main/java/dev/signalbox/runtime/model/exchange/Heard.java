package dev.signalbox.runtime.model.exchange;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Optional;
import java.util.function.Consumer;

/// Passes on the text of an answer as it comes, and keeps the answer.
final class Heard implements StreamingChatResponseHandler {

    private final Consumer<String> listener;
    private Optional<ChatResponse> answer = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    Heard(Consumer<String> listener) {
        this.listener = listener;
    }

    Optional<ChatResponse> answer() {
        return answer;
    }

    Optional<Throwable> failure() {
        return failure;
    }

    @Override
    public void onPartialResponse(String part) {
        listener.accept(part);
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
        answer = Optional.of(complete);
    }

    @Override
    public void onError(Throwable error) {
        failure = Optional.of(error);
    }
}
