package dev.signalbox.runtime;

import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/// The definitions that runs pin.
interface PinnedAgents {

    /// The definition of that digest; empty if this version cannot read it.
    Uni<Optional<PinnedAgent>> find(Digest digest);
}
