package dev.signalbox.runtime;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/// The definitions that runs pin, read once each.
@ApplicationScoped
class DefinitionLibrary implements PinnedDefinitions {

    private static final Logger LOG = Logger.getLogger(DefinitionLibrary.class);

    private final DefinitionStore store;
    private final DefinitionReader reader;
    private final Map<Digest, PinnedDefinition> read = new ConcurrentHashMap<>();
    private final Map<Digest, Uni<Optional<PinnedDefinition>>> reading = new ConcurrentHashMap<>();

    DefinitionLibrary(DefinitionStore store, DefinitionReader reader) {
        this.store = store;
        this.reader = reader;
    }

    @Override
    public Uni<Optional<PinnedDefinition>> find(Digest digest) {
        PinnedDefinition known = read.get(digest);
        return known != null
                ? Uni.createFrom().item(Optional.of(known))
                : reading.computeIfAbsent(digest, this::reading);
    }

    /// Many runs may ask for a definition at once: it is read for all of them.
    private Uni<Optional<PinnedDefinition>> reading(Digest digest) {
        return store.find(digest)
                .map(stored -> stored.flatMap(this::read))
                .onTermination()
                .invoke(() -> reading.remove(digest))
                .memoize()
                .indefinitely();
    }

    private Optional<PinnedDefinition> read(StoredDefinition stored) {
        try {
            PinnedDefinition agent = reader.fromBundle(stored.bundle());
            read.put(stored.ref().digest(), agent);
            return Optional.of(agent);
        } catch (ProblemException unreadable) {
            LOG.errorf(
                    "the definition %s %s (%s) cannot be read: %s",
                    stored.ref().name(),
                    stored.ref().version(),
                    stored.ref().digest(),
                    unreadable.getMessage());
            return Optional.empty();
        }
    }
}
