package dev.signalbox.runtime.sink;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.SensitiveParts;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Every schema that says something of the values of a run: those of its definition, of its tools,
/// and of all definitions that are run for it.
@ApplicationScoped
class RunSchemas {

    private static final int CACHED = 500;

    private final DefinitionStore definitions;
    private final DefinitionReader reader;
    private final Map<Digest, Optional<List<SensitiveParts>>> known = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    RunSchemas(DefinitionStore definitions, DefinitionReader reader) {
        this.definitions = definitions;
        this.reader = reader;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    /// What they declare sensitive; empty if one of the definitions cannot be read here.
    Uni<Optional<List<SensitiveParts>>> of(Digest definition) {
        Optional<List<SensitiveParts>> cached = known.get(definition);
        if (cached != null) {
            return Uni.createFrom().item(cached);
        }
        Set<JsonObject> schemas = new LinkedHashSet<>();
        return collect(definition, new HashSet<>(), schemas)
                .map(whole -> whole ? Optional.of(parts(schemas)) : Optional.<List<SensitiveParts>>empty())
                .invoke(found -> remember(definition, found));
    }

    private static List<SensitiveParts> parts(Set<JsonObject> schemas) {
        return schemas.stream()
                .filter(schema -> schema.canonical().contains(SensitiveParts.KEYWORD))
                .map(SensitiveParts::new)
                .toList();
    }

    private void remember(Digest definition, Optional<List<SensitiveParts>> found) {
        if (known.size() >= CACHED) {
            known.clear();
        }
        known.put(definition, found);
    }

    /// Whether all of them could be read.
    private Uni<Boolean> collect(Digest digest, Set<Digest> seen, Set<JsonObject> schemas) {
        if (!seen.add(digest)) {
            return Uni.createFrom().item(true);
        }
        return definitions
                .find(digest)
                .emitOn(threads)
                .map(stored -> stored.flatMap(this::read))
                .chain(
                        found ->
                                found.map(definition -> collect(definition, seen, schemas))
                                        .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private Uni<Boolean> collect(
            PinnedDefinition definition, Set<Digest> seen, Set<JsonObject> schemas) {
        own(definition).forEach(schemas::add);
        return Multi.createFrom()
                .iterable(definition.children().values())
                .onItem()
                .transformToUniAndConcatenate(child -> collect(child.ref().digest(), seen, schemas))
                .collect()
                .with(Collectors.reducing(true, Boolean::logicalAnd));
    }

    private Optional<PinnedDefinition> read(StoredDefinition stored) {
        try {
            return Optional.of(reader.fromBundle(stored.bundle()));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    private static Stream<JsonObject> own(PinnedDefinition definition) {
        Stream<Optional<JsonObject>> ends =
                switch (definition) {
                    case PinnedAgent agent ->
                            Stream.of(agent.agent().input(), agent.agent().output());
                    case PinnedWorkflow workflow -> Stream.of(workflow.workflow().input());
                    default -> Stream.of();
                };
        Stream<Optional<JsonObject>> tools =
                definition.tools().values().stream().flatMap(RunSchemas::ofTool);
        Stream<Optional<JsonObject>> children =
                definition.children().values().stream().map(Child::input);
        return Stream.of(ends, tools, children).flatMap(all -> all).flatMap(Optional::stream);
    }

    private static Stream<Optional<JsonObject>> ofTool(ToolDefinition tool) {
        return Stream.of(Optional.of(tool.input()), tool.output());
    }
}
