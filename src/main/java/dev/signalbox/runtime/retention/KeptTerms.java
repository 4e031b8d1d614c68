package dev.signalbox.runtime.retention;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionRules.Terms;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// What is said now about how long runs are kept.
@ApplicationScoped
class KeptTerms {

    private final DefinitionStore definitions;
    private final RetentionTerms host;

    /// What a digest names never changes.
    private final Map<Digest, RetentionTerms> read = new ConcurrentHashMap<>();

    KeptTerms(DefinitionStore definitions, RetentionSettings settings) {
        this.definitions = definitions;
        this.host = settings.terms();
    }

    Uni<RetentionRules> rules() {
        return definitions
                .list()
                .chain(
                        all -> {
                            Map<String, DefinitionRef> newest = new LinkedHashMap<>();
                            all.forEach(ref -> newest.put(ref.name(), ref));
                            read.keySet()
                                    .retainAll(
                                            newest.values().stream()
                                                    .map(DefinitionRef::digest)
                                                    .collect(Collectors.toSet()));
                            return terms(newest);
                        })
                .map(terms -> new RetentionRules(terms, host));
    }

    private Uni<Map<String, Terms>> terms(Map<String, DefinitionRef> newest) {
        return Multi.createFrom()
                .iterable(newest.values())
                .onItem()
                .transformToUniAndConcatenate(
                        ref ->
                                terms(ref)
                                        .map(
                                                terms ->
                                                        Map.entry(
                                                                ref.name(),
                                                                new Terms(ref.version(), terms))))
                .collect()
                .asMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private Uni<RetentionTerms> terms(DefinitionRef ref) {
        RetentionTerms known = read.get(ref.digest());
        return known != null
                ? Uni.createFrom().item(known)
                : definitions
                        .find(ref.digest())
                        .map(
                                found ->
                                        found.map(StoredDefinition::retention)
                                                .orElse(RetentionTerms.NONE))
                        .invoke(terms -> read.put(ref.digest(), terms));
    }
}
