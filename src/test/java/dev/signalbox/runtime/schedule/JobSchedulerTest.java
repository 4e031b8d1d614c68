package dev.signalbox.runtime.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.CronExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Schemas;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Cause;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.queue.HandOver;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.memory.MemoryRunQueue;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.Job;
import dev.signalbox.store.Job.PastFiring;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.JobStore.JobCommand;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.JobStore.NewJob;
import dev.signalbox.store.Lease;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What jobs do as time goes by: a memory store whose clock the test moves, and real schedulers.
class JobSchedulerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TENANT = "default";
    private static final CronExpressions CRONS = new CronExpressions();
    private static final Schemas SCHEMAS = new Schemas();
    private static final DefinitionReader READER =
            new DefinitionReader(new CelExpressions(), SCHEMAS);

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-06-01T00:00:00Z"));
    private final MemoryDatabase database = new MemoryDatabase(now::get);
    private final JobStore jobs = database.jobs();
    private final JobScheduler first = scheduler(jobs);
    private final JobScheduler second = scheduler(jobs);

    private JobScheduler scheduler(JobStore store) {
        return new JobScheduler(
                store,
                new JobTurns(
                        store,
                        new JobTargets(database.definitions(), SCHEMAS),
                        READER,
                        CRONS,
                        new Relay(
                                new MemoryRunQueue(),
                                new HandOver(),
                                database.leases(),
                                database.inbox(),
                                new Settings()),
                        UuidCreator::getTimeOrderedEpochPlus1),
                new Roles(Set.of(Role.RUNTIME)));
    }

    private static final String AGENT =
            """
            kind: agent
            name: watcher
            version: %s
            model: {provider: scripted, name: offline}
            instructions: Looks around.
            policy: none
            input: {schema: {type: object, properties: {depth: {type: integer}}}}
            script: [{text: nothing new}]
            ---
            kind: policy
            name: none
            ---
            """;

    /// Applies a job of the agent `watcher`, and the agent with it.
    private Job apply(String fields) {
        return apply("1.0.0", fields);
    }

    private Job apply(String version, String fields) {
        String job = "kind: job\nname: nightly\n" + fields;
        var definitions =
                READER.read(List.of(new Source("job.yaml", AGENT.formatted(version) + job)));
        get(
                database.definitions()
                        .apply(
                                definitions.runnable().stream()
                                        .map(
                                                one ->
                                                        new StoredDefinition(
                                                                one.ref(),
                                                                READER.toBundle(one),
                                                                now.get()))
                                        .toList()));
        JobDefinition read = definitions.jobs().getFirst();
        get(
                jobs.load(
                        List.of(
                                NewJob.of(
                                        new JobId(UuidCreator.getTimeOrderedEpochPlus1()),
                                        read,
                                        READER.toDocument(read),
                                        CRONS,
                                        now.get()))));
        return job();
    }

    private Job job() {
        return get(jobs.find(TENANT, "nightly")).orElseThrow();
    }

    private static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }

    private void at(String time) {
        now.set(Instant.parse(time));
    }

    /// Both schedulers look at once, until nothing is due.
    private void settle() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            boolean busy = true;
            while (busy) {
                CompletableFuture<Duration> one = look(first, threads);
                CompletableFuture<Duration> two = look(second, threads);
                boolean firstGoesOn = one.join().isZero();
                boolean secondGoesOn = two.join().isZero();
                busy = firstGoesOn || secondGoesOn;
            }
        }
    }

    private static CompletableFuture<Duration> look(JobScheduler scheduler, Executor threads) {
        return CompletableFuture.supplyAsync(() -> get(scheduler.look()), threads);
    }

    private List<Firing> firings() {
        return get(jobs.firings(job().id(), PageRequest.first(200))).items().stream()
                .map(PastFiring::firing)
                .toList()
                .reversed();
    }

    private List<String> told() {
        return firings().stream()
                .map(firing -> firing.scheduledAt() + " " + firing.cause() + " " + firing.status())
                .toList();
    }

    private List<RunSummary> runs() {
        return get(database.runs()
                        .list(
                                new RunFilter(
                                        TENANT,
                                        Set.of(),
                                        Optional.empty(),
                                        Map.of(),
                                        false,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty()),
                                PageRequest.first(200)))
                .items();
    }

    /// Lets every open run end.
    private void endRuns() {
        for (RunSummary run : runs()) {
            if (!run.status().terminal()) {
                end(run);
            }
        }
    }

    private void end(RunSummary run) {
        RunId id = run.identity().id();
        Lease lease =
                get(database.leases().claim(id, "worker", Duration.ofMinutes(1)))
                        .orElseThrow()
                        .lease();
        JournalEntry head = get(database.runs().journal(id, 0, 10)).getLast();
        RunEvent failed = new RunEvent.RunFailed(new RunError("over", "It is over."));
        JournalEntry entry = EventCodec.link(id, 2, now.get(), failed, head.hash());
        get(
                database.runs()
                        .append(
                                lease,
                                new RunChange(
                                        List.of(entry),
                                        RunSummary.of(
                                                RunFold.evolve(
                                                        RunFold.begin(EventCodec.placed(head)),
                                                        EventCodec.placed(entry)),
                                                entry),
                                        Map.of(),
                                        List.of(),
                                        Map.of(),
                                        Set.of(),
                                        new Next.End())));
    }

    private void ask(JobCommand command) {
        Actor actor = new Actor("alice", Actor.Plane.OPERATOR, TENANT, Set.of("operator"));
        get(
                jobs.command(
                        job().id(),
                        command,
                        new AuditRecord(
                                new AuditId(UuidCreator.getTimeOrderedEpochPlus1()),
                                now.get(),
                                actor,
                                "job.test",
                                Optional.empty(),
                                Optional.empty(),
                                "because",
                                Optional.empty(),
                                JsonObject.EMPTY)));
    }

    private Firing asked(String time, Cause cause) {
        Instant at = Instant.parse(time);
        return new Firing(
                FiringId.of(job().id(), at, now.get()),
                at,
                cause,
                Status.WAITING,
                now.get(),
                Optional.empty(),
                0);
    }

    @ParameterizedTest
    @CsvSource({
        // The hour in which Lisbon's clocks leave out 01:00 to 02:00, and the one shown twice.
        "2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z, '2026-03-29T00:40:00Z 2026-03-29T00:50:00Z"
                + " 2026-03-29T01:00:00Z 2026-03-29T01:10:00Z 2026-03-29T01:20:00Z'",
        "2026-10-25T00:30:00Z, 2026-10-25T01:30:00Z, '2026-10-25T00:40:00Z 2026-10-25T00:50:00Z'",
        "2026-10-25T01:30:00Z, 2026-10-25T02:30:00Z, '2026-10-25T02:00:00Z 2026-10-25T02:10:00Z"
                + " 2026-10-25T02:20:00Z'",
    })
    void twoSchedulersFireEachTimeOnceWhileTheClocksChange(
            Instant from, Instant until, String expected) {
        now.set(from);
        apply(
                """
                schedule: {cron: "*/10 * * * *", timeZone: Europe/Lisbon}
                run: {agent: watcher}
                overlap: allow
                """);

        while (now.get().isBefore(until)) {
            settle();
            now.updateAndGet(time -> time.plusSeconds(20));
        }

        List<String> times = List.of(expected.split(" ", -1));
        assertThat(told())
                .isEqualTo(times.stream().map(time -> time + " SCHEDULE STARTED").toList());
        assertThat(runs())
                .extracting(run -> run.identity().labels().get("scheduledAt"))
                .containsExactlyInAnyOrderElementsOf(times);
        assertThat(runs())
                .allSatisfy(
                        run -> {
                            assertThat(run.identity().requestedBy()).isEqualTo("job:nightly");
                            assertThat(run.identity().labels()).containsEntry("job", "nightly");
                        });
    }

    @Test
    void aSchedulerThatDiesBeforeTheCommitLeavesTheFiringToTheOther() {
        apply("schedule: {every: PT10M}\nrun: {agent: watcher}\n");
        JobScheduler dying =
                scheduler(troubled(_ -> Uni.createFrom().failure(new IllegalStateException())));
        at("2026-06-01T00:10:00Z");

        get(dying.look());

        assertThat(runs()).isEmpty();
        settle();
        assertThat(told()).containsExactly("2026-06-01T00:10:00Z SCHEDULE STARTED");
        assertThat(runs()).hasSize(1);
    }

    @Test
    void aSchedulerThatDiesAfterTheCommitLeavesNothingToDo() {
        apply("schedule: {every: PT10M}\nrun: {agent: watcher}\n");
        JobScheduler dying =
                scheduler(
                        troubled(
                                turn ->
                                        jobs.commit(turn)
                                                .chain(
                                                        () ->
                                                                Uni.createFrom()
                                                                        .failure(
                                                                                new IllegalStateException()))));
        at("2026-06-01T00:10:00Z");

        get(dying.look());

        settle();
        assertThat(told()).containsExactly("2026-06-01T00:10:00Z SCHEDULE STARTED");
        assertThat(runs()).hasSize(1);
    }

    /// The same store, but for its commits.
    private JobStore troubled(Function<JobTurn, Uni<Boolean>> commit) {
        return (JobStore)
                Proxy.newProxyInstance(
                        JobStore.class.getClassLoader(),
                        new Class<?>[] {JobStore.class},
                        (_, method, arguments) ->
                                method.getName().equals("commit")
                                        ? commit.apply((JobTurn) arguments[0])
                                        : method.invoke(jobs, arguments));
    }

    @Test
    void skippedOverlapsLeaveTheFiringOutWhileARunIsOpen() {
        apply("schedule: {every: PT10M}\nrun: {agent: watcher}\noverlap: skip\n");

        at("2026-06-01T00:10:00Z");
        settle();
        at("2026-06-01T00:20:00Z");
        settle();
        endRuns();
        at("2026-06-01T00:30:00Z");
        settle();

        assertThat(told())
                .containsExactly(
                        "2026-06-01T00:10:00Z SCHEDULE STARTED",
                        "2026-06-01T00:20:00Z SCHEDULE SKIPPED",
                        "2026-06-01T00:30:00Z SCHEDULE STARTED");
    }

    @Test
    void queuedOverlapsWaitForOneAnother() {
        apply("schedule: {every: PT10M}\nrun: {agent: watcher}\noverlap: queue\n");
        at("2026-06-01T00:10:00Z");
        settle();
        at("2026-06-01T00:20:00Z");
        settle();
        at("2026-06-01T00:30:00Z");
        settle();
        assertThat(runs()).hasSize(1);

        endRuns();
        at("2026-06-01T00:30:06Z");
        settle();

        assertThat(told())
                .containsExactly(
                        "2026-06-01T00:10:00Z SCHEDULE STARTED",
                        "2026-06-01T00:20:00Z SCHEDULE STARTED",
                        "2026-06-01T00:30:00Z SCHEDULE WAITING");
        assertThat(runs()).hasSize(2);
    }

    @Test
    void allowedOverlapsRunSideBySide() {
        apply("schedule: {every: PT10M}\nrun: {agent: watcher}\noverlap: allow\n");

        at("2026-06-01T00:10:00Z");
        settle();
        at("2026-06-01T00:20:00Z");
        settle();

        assertThat(runs()).hasSize(2).noneMatch(run -> run.status().terminal());
    }

    @Test
    void oneFiringMakesUpForAllThatWasMissed() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher}\nmisfire: fire_once\n");

        at("2026-06-01T05:30:00Z");
        settle();

        assertThat(told()).containsExactly("2026-06-01T05:00:00Z MISFIRE STARTED");
        assertThat(firings().getFirst().missed()).isEqualTo(4);
        assertThat(job().next()).contains(Instant.parse("2026-06-01T06:00:00Z"));
    }

    @Test
    void whatWasMissedCanBeLeftOut() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher}\nmisfire: skip\n");

        at("2026-06-01T05:30:00Z");
        settle();

        assertThat(told()).containsExactly("2026-06-01T05:00:00Z MISFIRE SKIPPED");
        assertThat(runs()).isEmpty();
    }

    @Test
    void whatWasMissedCanBeMadeUpForOneByOneAndWithinBounds() {
        apply(
                "schedule: {every: PT1H}\nrun: {agent: watcher}\nmisfire: backfill\noverlap:"
                        + " allow\n");

        at("2026-06-11T00:30:00Z");
        settle();

        assertThat(runs()).hasSize(100);
        assertThat(firings())
                .hasSize(100)
                .allMatch(firing -> firing.status() == Status.STARTED)
                .extracting(Firing::scheduledAt)
                .endsWith(Instant.parse("2026-06-11T00:00:00Z"));
        assertThat(job().queued()).isZero();
    }

    @Test
    void aFiringThatIsALittleLateHasNotBeenMissed() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher}\nmisfire: skip\n");

        at("2026-06-01T01:00:59Z");
        settle();

        assertThat(told()).containsExactly("2026-06-01T01:00:00Z SCHEDULE STARTED");
    }

    @Test
    void aPausedJobFiresNothingAndMakesUpForNothingWhenItIsResumed() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher}\n");
        ask(new JobCommand.Pause());
        at("2026-06-01T05:30:00Z");
        settle();
        assertThat(told()).isEmpty();

        ask(new JobCommand.Resume(Optional.of(Instant.parse("2026-06-01T06:00:00Z"))));
        settle();
        at("2026-06-01T06:00:00Z");
        settle();

        assertThat(told()).containsExactly("2026-06-01T06:00:00Z SCHEDULE STARTED");
    }

    @Test
    void aTriggerRunsAPausedJobOnceAndWaitsForAnOpenRun() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher}\npaused: true\n");
        at("2026-06-01T05:30:00Z");
        ask(new JobCommand.Fire(List.of(asked("2026-06-01T05:30:00Z", Cause.TRIGGER))));
        settle();
        at("2026-06-01T05:31:00Z");
        ask(new JobCommand.Fire(List.of(asked("2026-06-01T05:31:00Z", Cause.TRIGGER))));
        settle();
        assertThat(runs()).hasSize(1);

        endRuns();
        at("2026-06-01T05:31:05Z");
        settle();

        assertThat(told())
                .containsExactly(
                        "2026-06-01T05:30:00Z TRIGGER STARTED",
                        "2026-06-01T05:31:00Z TRIGGER STARTED");
        assertThat(job().paused()).isTrue();
    }

    @Test
    void aJobMakesNoMoreRunsThanItMay() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher}\nmaxRuns: 2\noverlap: allow\n");

        for (int hour = 1; hour < 6; hour++) {
            at("2026-06-01T0" + hour + ":00:00Z");
            settle();
        }

        assertThat(runs()).hasSize(2);
        assertThat(job().next()).isEmpty();
    }

    @Test
    void aJobFiresOnceAtItsTimeAndWithinItsWindow() {
        apply("schedule: {at: '2026-06-01T03:00:00+02:00'}\nrun: {agent: watcher}\n");
        at("2026-06-01T01:00:00Z");
        settle();
        assertThat(told()).containsExactly("2026-06-01T01:00:00Z SCHEDULE STARTED");

        apply(
                """
                schedule: {every: PT1H}
                run: {agent: watcher}
                overlap: allow
                start: "2026-06-01T02:30:00Z"
                end: "2026-06-01T04:30:00Z"
                """);
        for (int hour = 2; hour < 7; hour++) {
            at("2026-06-01T0" + hour + ":30:00Z");
            settle();
        }

        assertThat(told())
                .containsExactly(
                        "2026-06-01T01:00:00Z SCHEDULE STARTED",
                        "2026-06-01T02:30:00Z SCHEDULE STARTED",
                        "2026-06-01T03:30:00Z SCHEDULE STARTED");
    }

    @Test
    void theNextFiringRunsTheNewerVersionOfWhatTheJobNames() {
        String job = "schedule: {every: PT1H}\nrun: {agent: watcher}\noverlap: allow\n";
        apply("1.0.0", job);
        at("2026-06-01T01:00:00Z");
        settle();

        apply("1.1.0", job);
        at("2026-06-01T02:00:00Z");
        settle();

        assertThat(runs())
                .extracting(run -> run.identity().definition().version())
                .containsExactly("1.1.0", "1.0.0");
    }

    @Test
    void aFiringWhoseRunCannotBeMadeSaysWhyAndTheJobGoesOn() {
        apply("schedule: {every: PT1H}\nrun: {agent: watcher, input: {depth: 1}}\n");
        String stricter = AGENT.formatted("2.0.0").replace("type: integer", "type: string");
        var newer = READER.read(List.of(new Source("new.yaml", stricter))).runnable().getFirst();
        get(
                database.definitions()
                        .apply(
                                List.of(
                                        new StoredDefinition(
                                                newer.ref(), READER.toBundle(newer), now.get()))));

        at("2026-06-01T01:00:00Z");
        settle();

        assertThat(told()).containsExactly("2026-06-01T01:00:00Z SCHEDULE FAILED");
        assertThat(firings().getFirst().reason().orElseThrow())
                .contains("does not match the schema of watcher 2.0.0");
        assertThat(job().next()).contains(Instant.parse("2026-06-01T02:00:00Z"));
    }

    @Test
    void aSchedulerSleepsUntilTheNextFiring() {
        apply("schedule: {every: PT20S}\nrun: {agent: watcher}\n");
        at("2026-06-01T00:00:05Z");

        Duration nothingToDo = get(first.look());

        assertThat(nothingToDo).isEqualTo(Duration.ofSeconds(15));
    }

    private record Settings(
            Kind kind, Duration sweep, Duration resend, int sweepLimit, Duration sendTimeout)
            implements QueueSettings {
        Settings() {
            this(
                    Kind.MEMORY,
                    Duration.ofHours(1),
                    Duration.ofSeconds(15),
                    500,
                    Duration.ofSeconds(1));
        }
    }
}
