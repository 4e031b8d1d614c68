package dev.signalbox.runtime.schedule;

import dev.signalbox.domain.job.JobDefinition.Target;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What jobs run, as it is now: a job that names no version runs the highest at each firing.
@ApplicationScoped
class JobTargets {

    private final DefinitionStore definitions;
    private final SchemaCheck schemas;

    JobTargets(DefinitionStore definitions, SchemaCheck schemas) {
        this.definitions = definitions;
        this.schemas = schemas;
    }

    /// What a job can run, or why it cannot.
    sealed interface Found {
        record Ready(StoredDefinition definition) implements Found {}

        record Trouble(String why) implements Found {}
    }

    Uni<Found> find(Target target) {
        return definitions
                .resolve(target.definition(), target.version())
                .map(found -> found.map(one -> checked(target, one)).orElse(missing(target)));
    }

    private Found checked(Target target, StoredDefinition definition) {
        if (definition.ref().kind() != target.kind()) {
            return missing(target);
        }
        List<String> findings =
                definition
                        .inputSchema()
                        .map(schema -> schemas.findings(schema, target.input()))
                        .orElse(List.of());
        return findings.isEmpty()
                ? new Found.Ready(definition)
                : new Found.Trouble(
                        "the input does not match the schema of "
                                + target.definition()
                                + " "
                                + definition.ref().version()
                                + ": "
                                + findings.getFirst());
    }

    private static Found missing(Target target) {
        return new Found.Trouble(
                "there is no "
                        + target.kind().name().toLowerCase(Locale.ROOT)
                        + " '"
                        + target.definition()
                        + "'"
                        + Optional.of(target)
                                .flatMap(Target::version)
                                .map(version -> " in version " + version)
                                .orElse(""));
    }
}
