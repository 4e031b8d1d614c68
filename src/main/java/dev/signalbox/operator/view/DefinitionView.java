package dev.signalbox.operator.view;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What one version of a definition means now.
@Schema(name = "Definition")
public record DefinitionView(
        @Schema(
                        implementation = String.class,
                        enumeration = {"agent", "workflow"})
                DefinitionRef.Kind kind,
        String name,
        String version,
        @Schema(implementation = String.class) Digest digest) {

    public static DefinitionView of(DefinitionRef ref) {
        return new DefinitionView(ref.kind(), ref.name(), ref.version(), ref.digest());
    }

    /// A definition with everything that it refers to.
    @Schema(name = "DefinitionBundle")
    public record Bundle(
            @Schema(implementation = String.class) DefinitionRef.Kind kind,
            String name,
            String version,
            @Schema(implementation = String.class) Digest digest,
            Instant appliedAt,
            @Schema(implementation = Object.class) JsonObject bundle) {

        public static Bundle of(StoredDefinition stored) {
            DefinitionRef ref = stored.ref();
            return new Bundle(
                    ref.kind(),
                    ref.name(),
                    ref.version(),
                    ref.digest(),
                    stored.appliedAt(),
                    stored.bundle());
        }
    }
}
