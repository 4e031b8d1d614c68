package dev.signalbox.runtime;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.HostTools;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.PinnedDefinitions.Pinned.Blocked;
import dev.signalbox.runtime.PinnedDefinitions.Pinned.Usable;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import jakarta.annotation.PreDestroy;
import dev.signalbox.store.Caller;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// The definitions that runs pin, read once each.
@ApplicationScoped
class DefinitionLibrary implements PinnedDefinitions {

    private static final Logger LOG = Logger.getLogger(DefinitionLibrary.class);

    private static final Pinned MISSING =
            new Blocked("The definition that the run pins is not in the store.");
    private static final Pinned UNREADABLE =
            new Blocked(
                    "The definition that the run pins cannot be read by this version of"
                            + " Signalbox.");

    private final DefinitionStore store;
    private final DefinitionReader reader;
    private final HostTools hostTools;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Digest, PinnedDefinition> read = new ConcurrentHashMap<>();
    private final Map<Digest, Uni<Pinned>> reading = new ConcurrentHashMap<>();

    DefinitionLibrary(DefinitionStore store, DefinitionReader reader, HostTools hostTools) {
        this.store = store;
        this.reader = reader;
        this.hostTools = hostTools;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    @Override
    public Uni<Pinned> find(Digest digest) {
        PinnedDefinition known = read.get(digest);
        return known != null
                ? Uni.createFrom().item(new Usable(known))
                : Caller.answered(reading.computeIfAbsent(digest, this::reading));
    }

    /// Many runs may ask for a definition at once: it is read for all of them. A large one takes
    /// seconds, which no event loop has.
    private Uni<Pinned> reading(Digest digest) {
        return store.find(digest)
                .emitOn(threads)
                .map(stored -> stored.map(this::read).orElse(MISSING))
                .onTermination()
                .invoke(() -> reading.remove(digest))
                .memoize()
                .indefinitely();
    }

    private Pinned read(StoredDefinition stored) {
        Pinned pinned = usable(stored);
        switch (pinned) {
            case Usable(PinnedDefinition definition) -> read.put(stored.ref().digest(), definition);
            case Blocked(String why) ->
                    LOG.errorf(
                            "%s %s (%s): %s",
                            stored.ref().name(),
                            stored.ref().version(),
                            stored.ref().digest(),
                            why);
        }
        return pinned;
    }

    private Pinned usable(StoredDefinition stored) {
        try {
            PinnedDefinition definition = reader.fromBundle(stored.bundle());
            return missingTool(definition)
                    .<Pinned>map(
                            tool ->
                                    new Blocked(
                                            "The definition that the run pins needs the Java tool '"
                                                    + tool
                                                    + "', which the worker that took the run does"
                                                    + " not offer."))
                    .orElseGet(() -> new Usable(definition));
        } catch (ProblemException unreadable) {
            LOG.errorf("%s", unreadable.getMessage());
            return UNREADABLE;
        }
    }

    /// A Java tool that the definition was applied with and this process does not have.
    private Optional<String> missingTool(PinnedDefinition definition) {
        Set<String> offered = hostTools.names();
        return definition.tools().values().stream()
                .map(ToolDefinition::transport)
                .flatMap(
                        transport ->
                                transport instanceof JavaCall(String name, var _)
                                        ? Stream.of(name)
                                        : Stream.empty())
                .filter(name -> !offered.contains(name))
                .findFirst();
    }
}
