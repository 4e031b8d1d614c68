package dev.signalbox.store;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.DefinitionRef;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Pinned definitions, by digest. A definition that a run pins stays readable for ever.
public interface DefinitionStore {

    /// Stores definitions; one that is there already, by digest, becomes the newest of its name and
    /// version.
    Uni<Void> apply(List<StoredDefinition> definitions);

    /// Stores definitions for an operator, in one commit with the audit record; one that is there
    /// already stays as it is. Fails, having changed nothing, with `version_taken` if a name and
    /// version means something else already: a version never changes under those who use it.
    Uni<Void> publish(List<StoredDefinition> definitions, AuditRecord audit);

    /// What `name` means now: the newest of that version, or of the highest version.
    Uni<Optional<StoredDefinition>> resolve(String name, Optional<String> version);

    Uni<Optional<StoredDefinition>> find(Digest digest);

    /// The newest of every name and version, by name.
    Uni<List<DefinitionRef>> list();

    /// The refusal of [#publish(List, AuditRecord)].
    static ProblemException taken(String name, String version) {
        return ProblemException.of(
                ProblemCode.VERSION_TAKEN,
                name
                        + " "
                        + version
                        + " has another content already, and a version never changes. Give the"
                        + " definition a new version.");
    }

    /// @param bundle the definition with everything that it refers to
    record StoredDefinition(DefinitionRef ref, JsonObject bundle, Instant appliedAt) {

        /// The schema that the input of its runs has to match, if there is one.
        public Optional<JsonObject> inputSchema() {
            return document() instanceof JsonObject document
                            && document.get("input") instanceof JsonObject wrapper
                            && wrapper.get("schema") instanceof JsonObject schema
                    ? Optional.of(schema)
                    : Optional.empty();
        }

        /// How long its runs are kept.
        public RetentionTerms retention() {
            return document() instanceof JsonObject document
                            && document.get("retention") instanceof JsonObject said
                    ? RetentionTerms.of(said)
                    : RetentionTerms.NONE;
        }

        private @Nullable Json document() {
            return bundle.get(ref.kind().name().toLowerCase(Locale.ROOT));
        }
    }
}
