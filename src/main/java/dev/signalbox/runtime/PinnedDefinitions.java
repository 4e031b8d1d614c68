package dev.signalbox.runtime;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.plan.PinnedDefinition;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/// The definitions that runs pin.
interface PinnedDefinitions {

    /// The definition of that digest; empty if this version cannot read it.
    Uni<Optional<PinnedDefinition>> find(Digest digest);
}
