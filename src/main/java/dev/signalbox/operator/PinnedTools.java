package dev.signalbox.operator;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.store.DefinitionStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/// The tools of the definitions that runs pin.
@ApplicationScoped
public class PinnedTools {

    private final DefinitionStore definitions;
    private final DefinitionReader bundles;

    PinnedTools(DefinitionStore definitions, DefinitionReader bundles) {
        this.definitions = definitions;
        this.bundles = bundles;
    }

    /// The tool of that name as the definition pins it; empty if it has none, or if this version
    /// cannot
    /// read the definition.
    public Uni<Optional<ToolDefinition>> find(Digest definition, String tool) {
        return pinned(definition).map(found -> found.flatMap(pinned -> pinned.tool(tool)));
    }

    /// The definition with all that it pins; empty if this version cannot read it.
    public Uni<Optional<PinnedDefinition>> pinned(Digest definition) {
        return definitions.find(definition).map(stored -> stored.flatMap(this::read));
    }

    private Optional<PinnedDefinition> read(DefinitionStore.StoredDefinition stored) {
        try {
            return Optional.of(bundles.fromBundle(stored.bundle()));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }
}
