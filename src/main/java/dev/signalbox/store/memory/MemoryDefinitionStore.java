package dev.signalbox.store.memory;

import dev.signalbox.domain.agent.VersionOrder;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore;
import io.smallrye.mutiny.Uni;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Definitions, in the order in which they were applied.
final class MemoryDefinitionStore implements DefinitionStore {

    private static final Comparator<DefinitionRef> BY_VERSION =
            Comparator.comparing(DefinitionRef::version, VersionOrder.INSTANCE);

    private final MemoryState state;

    MemoryDefinitionStore(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Void> apply(List<StoredDefinition> definitions) {
        return state.atomically(
                        () -> {
                            definitions.forEach(state.definitions::replace);
                            return definitions;
                        })
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> publish(List<StoredDefinition> definitions, AuditRecord audit) {
        return state.atomically(
                        () -> {
                            definitions.forEach(one -> checkFree(one.ref()));
                            definitions.stream()
                                    .filter(one -> !known(one.ref()))
                                    .forEach(state.definitions::put);
                            state.audit.put(audit);
                            return definitions;
                        })
                .replaceWithVoid();
    }

    private void checkFree(DefinitionRef wanted) {
        newestRefs()
                .filter(ref -> ref.name().equals(wanted.name()))
                .filter(ref -> ref.version().equals(wanted.version()))
                .filter(ref -> !ref.digest().equals(wanted.digest()))
                .findFirst()
                .ifPresent(
                        ref -> {
                            throw DefinitionStore.taken(ref.name(), ref.version());
                        });
    }

    private boolean known(DefinitionRef ref) {
        return state.definitions.find(ref.digest()).isPresent();
    }

    @Override
    public Uni<Optional<StoredDefinition>> resolve(String name, Optional<String> version) {
        return state.atomically(
                () ->
                        newestRefs()
                                .filter(ref -> ref.name().equals(name))
                                .filter(ref -> version.map(ref.version()::equals).orElse(true))
                                .max(BY_VERSION)
                                .flatMap(ref -> state.definitions.find(ref.digest())));
    }

    @Override
    public Uni<Optional<StoredDefinition>> find(Digest digest) {
        return state.atomically(() -> state.definitions.find(digest));
    }

    @Override
    public Uni<List<DefinitionRef>> list() {
        return state.atomically(
                () ->
                        newestRefs()
                                .sorted(
                                        Comparator.comparing(DefinitionRef::name)
                                                .thenComparing(BY_VERSION))
                                .toList());
    }

    private Stream<DefinitionRef> newestRefs() {
        Map<List<String>, DefinitionRef> newest = new LinkedHashMap<>();
        for (StoredDefinition definition : state.definitions.values()) {
            DefinitionRef ref = definition.ref();
            newest.put(List.of(ref.name(), ref.version()), ref);
        }
        return newest.values().stream();
    }
}
