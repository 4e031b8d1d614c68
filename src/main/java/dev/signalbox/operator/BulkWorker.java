package dev.signalbox.operator;

import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.Bulk.Refusal;
import dev.signalbox.store.BulkStore;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunStore;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/// Carries out commands to many runs, run by run, each as if somebody had given it by hand: by the
/// same rules, with an audit record of its own.
///
/// Guarantee: after every run it is durable how far the command has come, and whether it goes on is
/// looked up. Consequence: an abort stops it before the next run, and another process takes over from
/// one that dies.
@ApplicationScoped
class BulkWorker {

    private static final Logger LOG = Logger.getLogger(BulkWorker.class);
    private static final Duration LEASE = Duration.ofSeconds(20);
    private static final int RUNS_AT_ONCE = 50;

    private final BulkStore bulks;
    private final RunStore runs;
    private final RunCommands commands;
    private final Retries retries;
    private final Roles roles;
    private final InstantSource clock;
    private final String owner;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopping;

    BulkWorker(
            BulkStore bulks,
            RunStore runs,
            RunCommands commands,
            Retries retries,
            Roles roles,
            IdSource ids,
            InstantSource clock) {
        this.bulks = bulks;
        this.runs = runs;
        this.commands = commands;
        this.retries = retries;
        this.roles = roles;
        this.clock = clock;
        this.owner = "operator-" + ids.next();
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    Uni<Void> work() {
        return roles.has(Role.OPERATOR) && !stopping
                ? next().onFailure().invoke(BulkWorker::report).onFailure().recoverWithNull()
                : Uni.createFrom().voidItem();
    }

    private static void report(Throwable failure) {
        LOG.warnf("a bulk command goes on later: %s", failure);
    }

    private Uni<Void> next() {
        return bulks.claim(owner, LEASE)
                .emitOn(threads)
                .chain(
                        found ->
                                found.map(bulk -> page(bulk).chain(this::next))
                                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }

    private Uni<Void> page(Bulk bulk) {
        PageRequest request =
                new PageRequest(
                        RUNS_AT_ONCE, bulk.last().map(last -> new Cursor(0, last.value())));
        return runs.list(bulk.filter(), request)
                .emitOn(threads)
                .chain(page -> each(bulk, page).chain(() -> more(bulk, page)));
    }

    private Uni<Void> each(Bulk bulk, Page<RunSummary> page) {
        return Multi.createFrom()
                .iterable(page.items())
                .onItem()
                .transformToUniAndConcatenate(run -> one(bulk, run))
                .select()
                .first(now -> goesOn(now))
                .onItem()
                .ignoreAsUni();
    }

    private boolean goesOn(Optional<Bulk> now) {
        return !stopping && now.filter(Bulk::running).isPresent();
    }

    private Uni<Optional<Bulk>> one(Bulk bulk, RunSummary run) {
        RunId id = run.identity().id();
        return commanded(bulk, id)
                .chain(
                        refusal ->
                                bulks.advance(
                                        bulk.id(), owner, LEASE, now -> now.after(id, refusal)));
    }

    private Uni<Optional<Refusal>> commanded(Bulk bulk, RunId run) {
        Optional<String> reason = Optional.of(bulk.reason() + " (bulk " + bulk.id() + ")");
        String id = run.toString();
        Uni<?> command =
                switch (bulk.action()) {
                    case HOLD -> commands.command(bulk.by(), id, new Ask.HoldRun(), reason);
                    case RELEASE -> commands.command(bulk.by(), id, new Ask.Release(), reason);
                    case CANCEL -> commands.command(bulk.by(), id, new Ask.Cancel(), reason);
                    case RETRY -> retries.retry(bulk.by(), id, reason);
                };
        return command.map(_ -> Optional.<Refusal>empty())
                .onFailure(BulkWorker::refusal)
                .recoverWithItem(refused -> Optional.of(refusal(run, refused)));
    }

    /// What the run is told by name; anything else keeps the command from going on for now.
    private static boolean refusal(Throwable failure) {
        return failure instanceof ProblemException refused
                && refused.problem().code().status() < ProblemCode.INTERNAL.status();
    }

    private static Refusal refusal(RunId run, Throwable refused) {
        Problem problem = ((ProblemException) refused).problem();
        return new Refusal(run, problem.code().code(), problem.detail());
    }

    /// Another page, the end, or nothing, if it was aborted or has another owner.
    private Uni<Void> more(Bulk bulk, Page<RunSummary> page) {
        if (stopping) {
            return Uni.createFrom().voidItem();
        }
        return bulks.advance(
                        bulk.id(),
                        owner,
                        LEASE,
                        now ->
                                page.next().isPresent()
                                        ? now
                                        : now.settled(Bulk.Status.COMPLETED, clock.instant()))
                .emitOn(threads)
                .chain(
                        now ->
                                now.filter(Bulk::running)
                                        .map(this::page)
                                        .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
