package dev.signalbox.queue;

import dev.signalbox.domain.id.RunId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;

/// Carries hints that a run wants a worker.
///
/// A hint may be lost, repeated or late: the store says whether the run is due, and
/// [Relay]'s sweep repeats what nobody came for. Consequence: a queue needs no durability.
public interface RunQueue {

    /// Sends a hint. Completes when the queue has it; fails within seconds if the queue cannot be
    /// reached.
    Uni<Void> send(RunId id, Optional<TraceParent> trace);

    /// Hints for this process, as many as are asked for. Never fails and never ends by itself: it
    /// reconnects for as long as it takes.
    Multi<Delivery> deliveries();

    /// Completes if the queue can be reached now; fails, within seconds, if not.
    Uni<Void> reachable();

    /// A hint that has arrived.
    ///
    /// @param trace of whoever sent it
    record Delivery(RunId runId, Optional<TraceParent> trace, Supplier<Uni<Void>> acknowledgement) {

        /// Takes the hint off the queue; called once the claim that it led to is committed, or has
        /// turned out to be needless.
        public Uni<Void> ack() {
            return acknowledgement.get();
        }
    }
}
