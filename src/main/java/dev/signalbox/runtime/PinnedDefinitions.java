package dev.signalbox.runtime;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.plan.PinnedDefinition;
import io.smallrye.mutiny.Uni;

/// The definitions that runs pin.
interface PinnedDefinitions {

    /// What this process can do with a definition.
    sealed interface Pinned {

        /// Runs of it can go on here.
        record Usable(PinnedDefinition definition) implements Pinned {}

        /// They cannot.
        ///
        /// @param why a sentence for people
        record Blocked(String why) implements Pinned {}
    }

    /// The definition of that digest.
    Uni<Pinned> find(Digest digest);
}
