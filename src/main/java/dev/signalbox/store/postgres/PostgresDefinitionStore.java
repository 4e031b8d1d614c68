package dev.signalbox.store.postgres;

import dev.signalbox.domain.agent.VersionOrder;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// Definitions: applied by one upsert, read with Panache.
final class PostgresDefinitionStore implements DefinitionStore {

    /// Several processes apply the same definitions when they start together: one after the other.
    private static final String LOCK = "LOCK TABLE definitions IN SHARE ROW EXCLUSIVE MODE";

    private static final String APPLY =
            """
            INSERT INTO definitions (digest, kind, name, version, bundle, applied_at)
            SELECT digest, kind, name, version, bundle, applied_at
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
                          $6::timestamptz[]) WITH ORDINALITY
                   AS applied(digest, kind, name, version, bundle, applied_at, position)
             ORDER BY position
            ON CONFLICT (digest) DO UPDATE
               SET applied_at = excluded.applied_at, applied_order = excluded.applied_order
            """;

    private static final String TAKEN =
            """
            SELECT wanted.name, wanted.version
              FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted(digest, name, version)
              JOIN LATERAL (SELECT digest FROM definitions
                             WHERE name = wanted.name AND version = wanted.version
                             ORDER BY applied_order DESC LIMIT 1) AS newest
                ON newest.digest <> wanted.digest
             LIMIT 1
            """;

    private static final String PUBLISH =
            """
            INSERT INTO definitions (digest, kind, name, version, bundle, applied_at)
            SELECT digest, kind, name, version, bundle, applied_at
              FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[],
                          $6::timestamptz[])
                   AS applied(digest, kind, name, version, bundle, applied_at)
            ON CONFLICT (digest) DO NOTHING
            """;

    private static final String NEWEST =
            """
            select d.digest, d.kind, d.name, d.version from DefinitionRow d
             where not exists (select 1 from DefinitionRow newer
                                where newer.name = d.name and newer.version = d.version
                                  and newer.appliedOrder > d.appliedOrder)
            """;

    private static final Comparator<DefinitionRef> BY_VERSION =
            Comparator.comparing(DefinitionRef::version, VersionOrder.INSTANCE);

    private final Sql sql;
    private final Sessions sessions;

    PostgresDefinitionStore(Sql sql, Sessions sessions) {
        this.sql = sql;
        this.sessions = sessions;
    }

    @Override
    public Uni<Void> apply(List<StoredDefinition> definitions) {
        SequencedMap<Digest, StoredDefinition> last = new LinkedHashMap<>();
        definitions.forEach(each -> last.putLast(each.ref().digest(), each));
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, LOCK)
                                .chain(() -> Sql.query(transaction, APPLY, parameters(last)))
                                .replaceWithVoid());
    }

    @Override
    public Uni<Void> publish(List<StoredDefinition> definitions, AuditRecord audit) {
        return sql.transaction(
                transaction ->
                        Sql.query(transaction, LOCK)
                                .chain(() -> checkFree(transaction, definitions))
                                .chain(() -> Sql.query(transaction, PUBLISH, rows(definitions)))
                                .chain(() -> AuditRow.insert(transaction, audit))
                                .replaceWithVoid());
    }

    private static Uni<Void> checkFree(
            SqlConnection transaction, List<StoredDefinition> definitions) {
        return Sql.query(
                        transaction,
                        TAKEN,
                        Sql.texts(definitions, each -> each.ref().digest().value()),
                        Sql.texts(definitions, each -> each.ref().name()),
                        Sql.texts(definitions, each -> each.ref().version()))
                .invoke(PostgresDefinitionStore::checkNone)
                .replaceWithVoid();
    }

    private static void checkNone(List<Row> taken) {
        if (!taken.isEmpty()) {
            Row one = taken.getFirst();
            throw DefinitionStore.taken(one.getString("name"), one.getString("version"));
        }
    }

    private static Object[] parameters(SequencedMap<Digest, StoredDefinition> byDigest) {
        return rows(List.copyOf(byDigest.sequencedValues()));
    }

    private static Object[] rows(List<StoredDefinition> definitions) {
        return new Object[] {
            Sql.texts(definitions, each -> each.ref().digest().value()),
            Sql.texts(definitions, each -> Sql.name(each.ref().kind())),
            Sql.texts(definitions, each -> each.ref().name()),
            Sql.texts(definitions, each -> each.ref().version()),
            Sql.texts(definitions, each -> each.bundle().canonical()),
            definitions.stream()
                    .map(each -> Sql.time(each.appliedAt()))
                    .toArray(OffsetDateTime[]::new)
        };
    }

    @Override
    public Uni<Optional<StoredDefinition>> resolve(String name, Optional<String> version) {
        return newest(Optional.of(name))
                .map(
                        refs ->
                                refs.stream()
                                        .filter(
                                                ref ->
                                                        version.map(ref.version()::equals)
                                                                .orElse(true))
                                        .max(BY_VERSION))
                .flatMap(
                        ref ->
                                ref.map(found -> find(found.digest()))
                                        .orElseGet(() -> Uni.createFrom().item(Optional.empty())));
    }

    @Override
    public Uni<Optional<StoredDefinition>> find(Digest digest) {
        return sessions.read(
                () ->
                        DefinitionRow.<DefinitionRow>findById(digest.value())
                                .map(row -> Optional.ofNullable(row).map(DefinitionRow::read)));
    }

    @Override
    public Uni<List<DefinitionRef>> list() {
        return newest(Optional.empty())
                .map(
                        refs ->
                                refs.stream()
                                        .sorted(
                                                Comparator.comparing(DefinitionRef::name)
                                                        .thenComparing(BY_VERSION))
                                        .toList());
    }

    private Uni<List<DefinitionRef>> newest(Optional<String> name) {
        String query = NEWEST + name.map(_ -> " and d.name = :name").orElse("");
        Map<String, Object> parameters =
                name.<Map<String, Object>>map(wanted -> Map.of("name", wanted)).orElse(Map.of());
        return sessions.read(
                () ->
                        DefinitionRow.find(query, parameters)
                                .project(DefinitionRow.Reference.class)
                                .list()
                                .map(PostgresDefinitionStore::read));
    }

    private static List<DefinitionRef> read(List<DefinitionRow.Reference> rows) {
        return rows.stream().map(DefinitionRow.Reference::read).toList();
    }
}
