package dev.signalbox.store.memory;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.domain.job.JobPlanner;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Job;
import dev.signalbox.store.Job.PastFiring;
import dev.signalbox.store.JobMoves;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.smallrye.mutiny.operators.multi.processors.SerializedProcessor;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Jobs and their firings.
final class MemoryJobStore implements JobStore {

    private final MemoryState state;
    private final MemoryRunStore runs;
    private final BroadcastProcessor<Boolean> changes = BroadcastProcessor.create();
    private final SerializedProcessor<Boolean, Boolean> teller = changes.serialized();

    MemoryJobStore(MemoryState state, MemoryRunStore runs) {
        this.state = state;
        this.runs = runs;
    }

    @Override
    public Uni<Void> load(List<NewJob> jobs) {
        return state.atomically(
                        () -> {
                            jobs.forEach(job -> apply(job, Job.Origin.DOCUMENT));
                            Set<List<String>> there =
                                    jobs.stream()
                                            .map(job -> List.of(job.tenant(), job.name()))
                                            .collect(Collectors.toSet());
                            state.jobs.values().stream()
                                    .filter(job -> job.origin() == Job.Origin.DOCUMENT)
                                    .filter(job -> !job.retired())
                                    .filter(job -> !there.contains(name(job)))
                                    .forEach(
                                            job ->
                                                    job.retire(
                                                            state.now(),
                                                            "the job's document was removed"));
                            return true;
                        })
                .invoke(() -> teller.onNext(true))
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> put(NewJob job, AuditRecord audit) {
        return state.atomically(
                        () -> {
                            apply(job, Job.Origin.OPERATOR);
                            state.audit.put(audit);
                            return true;
                        })
                .invoke(() -> teller.onNext(true))
                .replaceWithVoid();
    }

    private void apply(NewJob job, Job.Origin origin) {
        named(job.tenant(), job.name())
                .ifPresentOrElse(
                        there -> there.apply(job, origin, state.now()),
                        () -> state.begin(job, origin));
    }

    @Override
    public Uni<Integer> command(JobId id, JobCommand command, AuditRecord audit) {
        return state.atomically(
                        () -> {
                            MemoryJob job =
                                    Optional.ofNullable(state.jobs.get(id))
                                            .filter(
                                                    one ->
                                                            one.given()
                                                                    .tenant()
                                                                    .equals(audit.actor().tenant()))
                                            .orElseThrow(
                                                    () ->
                                                            ProblemException.of(
                                                                    ProblemCode.NOT_FOUND,
                                                                    "There is no such job."));
                            JobMoves.check(command, job.paused(), job.retired());
                            state.audit.put(audit);
                            return obey(job, command);
                        })
                .invoke(() -> teller.onNext(true));
    }

    private int obey(MemoryJob job, JobCommand command) {
        return switch (command) {
            case JobCommand.Pause() -> {
                job.pause(state.now());
                yield 0;
            }
            case JobCommand.Resume(Optional<Instant> next) -> {
                job.resume(next, state.now());
                yield 0;
            }
            case JobCommand.Fire(List<Firing> firings) -> {
                job.touch(state.now());
                yield job.write(firings, Set.of(Status.SKIPPED, Status.FAILED)).size();
            }
        };
    }

    @Override
    public Uni<Optional<Job>> find(String tenant, String name) {
        return state.atomically(() -> named(tenant, name).map(this::view));
    }

    @Override
    public Uni<Page<Job>> list(String tenant, PageRequest page) {
        return state.atomically(
                () -> {
                    String after =
                            page.after()
                                    .map(cursor -> state.jobs.get(new JobId(cursor.last())))
                                    .map(job -> job.given().name())
                                    .orElse("");
                    return MemoryState.page(
                            state.jobs.values().stream()
                                    .filter(job -> job.given().tenant().equals(tenant))
                                    .filter(job -> job.given().name().compareTo(after) > 0)
                                    .sorted(Comparator.comparing(job -> job.given().name()))
                                    .map(this::view),
                            page,
                            job -> new Cursor(0, job.id().value()));
                });
    }

    @Override
    public Uni<Page<PastFiring>> firings(JobId id, PageRequest page) {
        return state.atomically(
                () ->
                        MemoryState.page(
                                newestFirst(id, page).map(this::past),
                                page,
                                past -> new Cursor(0, past.firing().id().value())));
    }

    private Stream<Firing> newestFirst(JobId id, PageRequest page) {
        MemoryJob job = state.jobs.get(id);
        if (job == null) {
            return Stream.empty();
        }
        NavigableMap<Instant, Firing> all = job.firings();
        return page
                .after()
                .flatMap(cursor -> job.firing(new FiringId(cursor.last())))
                .map(last -> all.headMap(last.scheduledAt(), false))
                .orElse(all)
                .descendingMap()
                .values()
                .stream();
    }

    @Override
    public Uni<Agenda> agenda(int limit) {
        return state.atomically(
                () -> {
                    Instant now = state.now();
                    return new Agenda(
                            now,
                            state.jobs.values().stream()
                                    .filter(job -> isDue(job, now))
                                    .sorted(Comparator.comparing(job -> job.due().orElseThrow()))
                                    .limit(limit)
                                    .map(job -> new DueJob(view(job), mayGoOn(job)))
                                    .toList(),
                            state.jobs.values().stream()
                                    .flatMap(job -> job.due().stream())
                                    .filter(now::isBefore)
                                    .min(Comparator.naturalOrder()));
                });
    }

    private static boolean isDue(MemoryJob job, Instant now) {
        return job.due().map(due -> !due.isAfter(now)).orElse(false);
    }

    private static List<Firing> mayGoOn(MemoryJob job) {
        return job.waiting().stream()
                .filter(firing -> !job.paused() || firing.cause().commanded())
                .limit(JobPlanner.MOST_AT_ONCE)
                .toList();
    }

    @Override
    public Uni<Boolean> commit(JobTurn turn) {
        return state.atomically(
                () -> {
                    MemoryJob job = state.jobs.get(turn.job());
                    if (job == null
                            || job.retired()
                            || job.version() != turn.version()
                            || turn.latest().map(state.now()::isBefore).orElse(false)) {
                        return false;
                    }
                    turn.runs().stream().filter(run -> isNew(job, run)).forEach(this::refuseSecond);
                    job.open().removeIf(this::hasEnded);
                    job.moveOn(turn);
                    Set<FiringId> written = job.write(turn.firings(), Set.of(Status.WAITING));
                    turn.runs().stream()
                            .filter(run -> written.contains(firing(run)))
                            .forEach(runs::insert);
                    return true;
                });
    }

    private static boolean isNew(MemoryJob job, NewRun run) {
        return job.firing(firing(run))
                .map(before -> before.status() == Status.WAITING)
                .orElse(true);
    }

    private static FiringId firing(NewRun run) {
        return new FiringId(run.summary().identity().id().value());
    }

    private void refuseSecond(NewRun run) {
        RunId id = run.summary().identity().id();
        if (state.run(id).isPresent()) {
            throw new IllegalStateException("there is a run " + id + " already");
        }
    }

    @Override
    public Multi<Boolean> changed() {
        return changes.onOverflow().dropPreviousItems();
    }

    private Optional<MemoryJob> named(String tenant, String name) {
        return state.jobs.values().stream()
                .filter(job -> name(job).equals(List.of(tenant, name)))
                .findFirst();
    }

    private static List<String> name(MemoryJob job) {
        return List.of(job.given().tenant(), job.given().name());
    }

    private Job view(MemoryJob job) {
        return new Job(
                job.id(),
                job.given().tenant(),
                job.given().name(),
                job.origin(),
                job.given().document(),
                job.paused(),
                job.retired(),
                job.anchor(),
                job.next(),
                job.fired(),
                job.version(),
                job.waiting().size(),
                (int) job.open().stream().filter(firing -> !hasEnded(firing)).count(),
                job.firings().descendingMap().values().stream()
                        .filter(firing -> firing.status() != Status.WAITING)
                        .findFirst()
                        .map(this::past));
    }

    private PastFiring past(Firing firing) {
        return new PastFiring(
                firing,
                Optional.of(firing)
                        .filter(one -> one.status() == Status.STARTED)
                        .flatMap(one -> status(one.id())));
    }

    private boolean hasEnded(FiringId firing) {
        return status(firing).map(RunStatus::terminal).orElse(true);
    }

    private Optional<RunStatus> status(FiringId firing) {
        return state.run(firing.run()).map(run -> run.summary().status());
    }
}
