package dev.signalbox.runtime.model.exchange;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.signalbox.runtime.model.ModelReply;
import java.io.IOException;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The parts of a streamed answer on their way to LangChain4j, up to the first that ends the call.
final class Parts implements ServerSentEventListener {

    private final ServerSentEventListener reader;
    private final StatusEndings endings;
    private final UnaryOperator<String> mending;
    private Optional<ModelReply> objection = Optional.empty();
    private Optional<IOException> failure = Optional.empty();

    Parts(ServerSentEventListener reader, StatusEndings endings) {
        this.reader = reader;
        this.endings = endings;
        this.mending = endings.dialect().mending();
    }

    /// What the server said instead of going on.
    Optional<ModelReply> objection() {
        return objection;
    }

    /// Why it could not be read to the end.
    Optional<IOException> failure() {
        return failure;
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        if (objects(event)) {
            return;
        }
        reader.onEvent(mended(event));
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        if (objects(event)) {
            context.parsingHandle().cancel();
            return;
        }
        reader.onEvent(mended(event), context);
    }

    private ServerSentEvent mended(ServerSentEvent event) {
        return new ServerSentEvent(event.event(), mending.apply(event.data()));
    }

    private boolean objects(ServerSentEvent event) {
        if (objection.isEmpty()) {
            objection = endings.midway(event.data());
        }
        return objection.isPresent();
    }

    @Override
    public void onError(Throwable error) {
        failure =
                Optional.of(
                        error instanceof IOException broken
                                ? broken
                                : new IOException(error.getClass().getName()));
    }

    @Override
    public void onClose() {
        reader.onClose();
    }
}
