package dev.signalbox.store.postgres;

import dev.signalbox.domain.retention.Keep;
import dev.signalbox.domain.retention.RetentionRules.Terms;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Retention.Batch;
import dev.signalbox.store.Retention.Place;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.wire.RecordCodec;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One batch, inside its transaction.
///
/// The roots are locked before anything is asked about their trees, and whoever holds a tree locks
/// its root: so a hold is seen, or comes too late and finds no tree. Nothing else moves a run that
/// has ended.
final class Prune {

    /// Who comes while another's batch is under way waits for its end, and then sees its turn.
    private static final String TAKE_TURN =
            """
            INSERT INTO retention_turn (pruner, until)
            VALUES ($1, clock_timestamp() + make_interval(secs => $2))
            ON CONFLICT (singleton) DO UPDATE
               SET pruner = excluded.pruner, until = excluded.until
             WHERE retention_turn.pruner = excluded.pruner
                OR retention_turn.until < clock_timestamp()
            RETURNING pruner
            """;

    static final String ROOTS =
            """
            SELECT id, ended_at
              FROM runs
             WHERE definition = $1 AND status = $2 AND id = root_id
               AND ended_at < now() - make_interval(secs => $3)
               AND (ended_at, id) > ($4, $5)
             ORDER BY ended_at, id
             LIMIT $6
               FOR UPDATE SKIP LOCKED
            """;

    /// Trees that may go, with how many runs they have: a definition's own word counts for children,
    /// and a root is past the rule's time already.
    static final String DUE_TREES =
            """
            WITH own AS (
                SELECT * FROM unnest($2::text[], $3::text[], $4::float8[])
                    AS own(definition, status, seconds)
            )
            SELECT root.id AS root, count(*) AS members
              FROM unnest($1::uuid[]) WITH ORDINALITY AS root(id, place)
              JOIN runs ON runs.root_id = root.id
              LEFT JOIN own ON own.definition = runs.definition AND own.status = runs.status
             WHERE NOT EXISTS (SELECT FROM legal_holds WHERE legal_holds.root_id = root.id)
             GROUP BY root.id, place
            HAVING bool_and(runs.ended_at IS NOT NULL
                            AND (runs.id = root.id OR own.definition IS NULL
                                 OR (own.seconds IS NOT NULL
                                     AND runs.ended_at < now() - make_interval(secs => own.seconds))))
             ORDER BY place
            """;

    /// Of those trees, the ones that a branch was taken of which goes on, or is held.
    static final String NEEDED =
            """
            SELECT origin.root_id AS root
              FROM runs AS branch
              JOIN runs AS origin
                ON origin.id = substring(
                       branch.identity from '"branchedFrom":\\{"runId":"([0-9a-f-]{36})"')::uuid
             WHERE branch.identity LIKE '%"branchedFrom":{%'
               AND (branch.ended_at IS NULL
                    OR EXISTS (SELECT FROM legal_holds WHERE legal_holds.root_id = branch.root_id))
               AND origin.root_id = ANY ($1)
            """;

    private static final String MEMBERS =
            "SELECT %s, now() AS pruned_at FROM runs WHERE root_id = ANY ($1)"
                    .formatted(RunRow.COLUMNS);

    private static final String BURY =
            """
            INSERT INTO tombstones (run_id, tenant, pruned_at, content)
            SELECT run_id, tenant, now(), content
              FROM unnest($1::uuid[], $2::text[], $3::text[]) AS stone(run_id, tenant, content)
            """;

    /// What belongs to runs, in an order in which nothing refers to what is gone.
    private static final List<String> REMOVE =
            List.of(
                    """
                    DELETE FROM approval_decisions USING approvals
                     WHERE approval_id = approvals.id AND approvals.run_id = ANY ($1)
                    """,
                    "DELETE FROM approvals WHERE run_id = ANY ($1)",
                    "DELETE FROM run_commands WHERE run_id = ANY ($1) AND applied_at IS NULL",
                    "DELETE FROM run_commands WHERE run_id = ANY ($1) AND applied_at IS NOT NULL",
                    "DELETE FROM journal WHERE run_id = ANY ($1)",
                    "DELETE FROM payloads WHERE run_id = ANY ($1)",
                    "DELETE FROM runs WHERE id = ANY ($1)");

    private static final UUID BEFORE_ALL = new UUID(0, 0);

    private record Tree(UUID root, long members) {}

    /// @param last the last root that was decided on
    private record Choice(List<UUID> trees, Optional<Place> last, boolean all) {}

    private record OwnTerm(String definition, RunStatus status, Keep keep) {}

    private final SqlConnection transaction;
    private final Round round;

    Prune(SqlConnection transaction, Round round) {
        this.transaction = transaction;
        this.round = round;
    }

    Uni<Batch> run() {
        return Sql.query(
                        transaction, TAKE_TURN, round.pruner(), Sql.seconds(round.turn()))
                .flatMap(
                        taken ->
                                taken.isEmpty()
                                        ? Uni.createFrom().item(new Batch.NotMyTurn())
                                        : batch());
    }

    private Uni<Batch> batch() {
        return Sql.query(
                        transaction,
                        ROOTS,
                        round.rule().definition(),
                        Sql.name(round.rule().status()),
                        Sql.seconds(round.rule().period()),
                        Sql.time(round.after().map(Place::ended).orElse(Instant.EPOCH)),
                        round.after().map(after -> after.root().value()).orElse(BEFORE_ALL),
                        (long) round.most())
                .map(
                        rows ->
                                rows.stream()
                                        .map(
                                                row ->
                                                        new Place(
                                                                Sql.time(row, "ended_at"),
                                                                new RunId(row.getUUID("id"))))
                                        .toList())
                .flatMap(roots -> dueTrees(roots).map(due -> choice(roots, due)))
                .flatMap(
                        choice ->
                                remove(choice.trees())
                                        .map(
                                                stones ->
                                                        new Batch.Removed(
                                                                stones,
                                                                choice.all()
                                                                        ? Optional.empty()
                                                                        : choice.last())));
    }

    private Uni<List<Tree>> dueTrees(List<Place> roots) {
        if (roots.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        List<OwnTerm> own = ownTerms();
        UUID[] ids = Sql.uuids(roots, root -> root.root().value());
        return Sql.query(
                        transaction,
                        DUE_TREES,
                        ids,
                        Sql.texts(own, OwnTerm::definition),
                        Sql.texts(own, term -> Sql.name(term.status())),
                        own.stream().map(term -> seconds(term.keep())).toArray(Double[]::new))
                .flatMap(
                        due ->
                                Sql.query(transaction, NEEDED, (Object) ids)
                                        .map(needed -> without(due, needed)));
    }

    private static List<Tree> without(List<Row> due, List<Row> needed) {
        List<UUID> origins = needed.stream().map(row -> row.getUUID("root")).toList();
        return due.stream()
                .map(row -> new Tree(row.getUUID("root"), row.getLong("members")))
                .filter(tree -> !origins.contains(tree.root()))
                .toList();
    }

    private List<OwnTerm> ownTerms() {
        List<OwnTerm> own = new ArrayList<>();
        for (Map.Entry<String, Terms> said : round.rules().definitions().entrySet()) {
            for (RunStatus status : RunStatus.values()) {
                said.getValue()
                        .terms()
                        .of(status)
                        .ifPresent(keep -> own.add(new OwnTerm(said.getKey(), status, keep)));
            }
        }
        return own;
    }

    private static @Nullable Double seconds(Keep keep) {
        return switch (keep) {
            case Keep.Forever() -> null;
            case Keep.Lasting(var period) -> Sql.seconds(period);
        };
    }

    /// As many trees as a batch may have runs, and one in any case.
    private Choice choice(List<Place> roots, List<Tree> due) {
        Map<UUID, Long> members =
                due.stream()
                        .collect(
                                Collectors.toMap(Tree::root, Tree::members));
        List<UUID> trees = new ArrayList<>();
        long runs = 0;
        Optional<Place> last = Optional.empty();
        for (Place root : roots) {
            Long size = members.get(root.root().value());
            if (size != null) {
                if (!trees.isEmpty() && runs + size > round.most()) {
                    return new Choice(trees, last, false);
                }
                trees.add(root.root().value());
                runs += size;
            }
            last = Optional.of(root);
        }
        return new Choice(trees, last, roots.size() < round.most());
    }

    private Uni<List<Tombstone>> remove(List<UUID> trees) {
        if (trees.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        return Sql.query(transaction, MEMBERS, (Object) trees.toArray(UUID[]::new))
                .map(rows -> rows.stream().map(this::stone).toList())
                .call(this::bury)
                .call(this::removeAll);
    }

    private Tombstone stone(Row row) {
        return Tombstone.of(RunRow.summary(row), Sql.time(row, "pruned_at"), round.rule());
    }

    private Uni<List<Row>> bury(List<Tombstone> stones) {
        return Sql.query(
                transaction,
                BURY,
                ids(stones),
                Sql.texts(stones, Tombstone::tenant),
                Sql.texts(stones, stone -> RecordCodec.encode(stone).canonical()));
    }

    private Uni<Void> removeAll(List<Tombstone> stones) {
        UUID[] ids = ids(stones);
        return Multi.createFrom()
                .iterable(REMOVE)
                .onItem()
                .transformToUniAndConcatenate(
                        statement -> Sql.query(transaction, statement, (Object) ids))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static UUID[] ids(List<Tombstone> stones) {
        Function<Tombstone, UUID> id = stone -> stone.id().value();
        return Sql.uuids(stones, id);
    }
}
