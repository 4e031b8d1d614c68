package dev.signalbox.runtime.model;

import dev.signalbox.domain.agent.ModelRef.Provider;
import io.smallrye.mutiny.Uni;

/// Talks to the models of one provider.
///
/// Guarantee: never fails with an exception for what a model or its server can do; every ending is
/// a [ModelReply]. Never blocks the caller's thread. Cancelling the `Uni` abandons the call.
public interface ModelPort {

    Provider provider();

    Uni<ModelReply> chat(ModelRequest request);
}
