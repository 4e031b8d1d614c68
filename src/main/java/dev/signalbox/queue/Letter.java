package dev.signalbox.queue;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One message with a request, until it is acknowledged.
public interface Letter {

    /// The media type of the body, as the sender says.
    @Nullable String contentType();

    /// The body's bytes; empty if it has none.
    byte[] body();

    /// The message's application properties.
    Map<String, ?> properties();

    /// Where in a trace the sender was.
    default Optional<TraceParent> trace() {
        return TraceParent.parse(properties().get(TraceParent.NAME));
    }

    /// Whether the sender waits for an answer.
    boolean wantsReply();

    /// Answers the sender, with the correlation id of the request. Completes when the queue has
    /// accepted the answer.
    Uni<Void> reply(String mediaType, String text);

    /// Puts a copy aside, body and properties as they came, for people to look at. Completes when
    /// the queue has accepted the copy.
    Uni<Void> setAside(String reason);

    /// Takes the message off the queue.
    Uni<Void> ack();
}
