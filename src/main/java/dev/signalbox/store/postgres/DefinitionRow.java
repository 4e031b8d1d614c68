package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.hibernate.reactive.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;

/// A definition for reading.
@Entity
@Immutable
@Table(name = "definitions")
@SuppressWarnings("NullAway.Init")
class DefinitionRow extends PanacheEntityBase {

    @Id String digest;
    String kind;
    String name;
    String version;
    String bundle;

    @Column(name = "applied_at")
    Instant appliedAt;

    @Column(name = "applied_order")
    long appliedOrder;

    /// All of a definition but its bundle.
    record Reference(String digest, String kind, String name, String version) {
        DefinitionRef read() {
            return new DefinitionRef(
                    Sql.constant(DefinitionRef.Kind.class, kind),
                    name,
                    version,
                    new Digest(digest));
        }
    }

    StoredDefinition read() {
        return new StoredDefinition(
                new Reference(digest, kind, name, version).read(),
                JsonCodec.parseObject(bundle),
                appliedAt);
    }
}
