package dev.signalbox.store.memory;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.Retention;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Pruning. Who has the turn is not kept: it ends with the process, of which there is one.
final class MemoryRetention implements Retention {

    private static final Comparator<Place> BY_END =
            Comparator.comparing(Place::ended).thenComparing(Place::root);

    private final MemoryState state;
    private Turn turn = new Turn("", Instant.MIN);

    private record Turn(String pruner, Instant until) {}

    MemoryRetention(MemoryState state) {
        this.state = state;
    }

    @Override
    public Uni<Batch> prune(Round round) {
        return state.atomically(() -> batch(round, state.now()));
    }

    private Batch batch(Round round, Instant now) {
        if (!turn.pruner().equals(round.pruner()) && turn.until().isAfter(now)) {
            return new Batch.NotMyTurn();
        }
        turn = new Turn(round.pruner(), now.plus(round.turn()));
        List<Place> roots = roots(round, now);
        Map<RunId, List<RunSummary>> trees = trees(roots);
        Set<RunId> origins = neededOrigins();
        List<Tombstone> removed = new ArrayList<>();
        Optional<Place> last = Optional.empty();
        for (Place root : roots) {
            List<RunSummary> tree = trees.getOrDefault(root.root(), List.of());
            if (mayGo(round, tree, origins, now)) {
                if (!removed.isEmpty() && removed.size() + tree.size() > round.most()) {
                    return removed(removed, last);
                }
                tree.forEach(run -> removed.add(Tombstone.of(run, now, round.rule())));
            }
            last = Optional.of(root);
        }
        return removed(removed, roots.size() < round.most() ? Optional.empty() : last);
    }

    private Batch removed(List<Tombstone> removed, Optional<Place> next) {
        state.bury(removed);
        return new Batch.Removed(removed, next);
    }

    /// The next roots that the rule is about and that are past its time.
    private List<Place> roots(Round round, Instant now) {
        Instant before = now.minus(round.rule().period());
        return summaries()
                .filter(run -> run.status() == round.rule().status())
                .filter(MemoryRetention::isRoot)
                .filter(run -> run.identity().definition().name().equals(round.rule().definition()))
                .map(run -> new Place(ended(run), run.identity().id()))
                .filter(place -> place.ended().isBefore(before))
                .filter(
                        place ->
                                round.after()
                                        .map(after -> BY_END.compare(place, after) > 0)
                                        .orElse(true))
                .sorted(BY_END)
                .limit(round.most())
                .toList();
    }

    private Map<RunId, List<RunSummary>> trees(List<Place> roots) {
        Set<RunId> wanted = roots.stream().map(Place::root).collect(Collectors.toSet());
        return summaries()
                .filter(run -> wanted.contains(run.identity().lineage().root()))
                .collect(Collectors.groupingBy(run -> run.identity().lineage().root()));
    }

    /// Runs that a branch was taken of which goes on, or is held.
    private Set<RunId> neededOrigins() {
        return summaries()
                .filter(
                        run ->
                                !run.status().terminal()
                                        || state.holds
                                                .find(run.identity().lineage().root())
                                                .isPresent())
                .flatMap(run -> run.identity().lineage().branchedFrom().stream())
                .map(BranchPoint::runId)
                .collect(Collectors.toSet());
    }

    private boolean mayGo(Round round, List<RunSummary> tree, Set<RunId> origins, Instant now) {
        return state.holds.find(tree.getFirst().identity().lineage().root()).isEmpty()
                && tree.stream()
                        .allMatch(
                                run ->
                                        run.status().terminal()
                                                && !origins.contains(run.identity().id())
                                                && (isRoot(run) || pastItsOwn(round, run, now)));
    }

    private static boolean pastItsOwn(Round round, RunSummary run, Instant now) {
        return round.rules()
                .lets(run.identity().definition().name(), run.status(), ended(run), now);
    }

    private Stream<RunSummary> summaries() {
        return state.runs.values().stream().map(MemoryRun::summary);
    }

    private static boolean isRoot(RunSummary run) {
        RunIdentity identity = run.identity();
        return identity.lineage().root().equals(identity.id());
    }

    private static Instant ended(RunSummary run) {
        return run.finishedAt().orElse(run.updatedAt());
    }

    @Override
    public Uni<Optional<Tombstone>> tombstone(RunId id) {
        return state.atomically(() -> state.tombstones.find(id));
    }

    @Override
    public Uni<Page<Tombstone>> tombstones(String tenant, PageRequest page) {
        return state.atomically(
                () ->
                        MemoryState.page(
                                state.tombstones.after(page, RunId::new).stream()
                                        .filter(stone -> stone.tenant().equals(tenant)),
                                page,
                                stone -> new Cursor(0, stone.id().value())));
    }
}
