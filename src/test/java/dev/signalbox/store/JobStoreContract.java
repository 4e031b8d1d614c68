package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.job.Firing.Cause;
import dev.signalbox.domain.job.Firing.Status;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Job.PastFiring;
import dev.signalbox.store.JobStore.Agenda;
import dev.signalbox.store.JobStore.DueJob;
import dev.signalbox.store.JobStore.JobCommand;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.JobStore.NewJob;
import dev.signalbox.store.RunChange.Next;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What [JobStore] promises.
public abstract class JobStoreContract extends StoreContract {

    private static final Instant TIME = Instant.parse("2026-01-01T02:00:00Z");
    private static final Instant LATER = TIME.plus(Duration.ofDays(1));

    private NewJob job(String name, String document, String times, Optional<Instant> next) {
        return new NewJob(
                new JobId(UuidCreator.getTimeOrderedEpochPlus1()),
                tenant,
                name,
                new JsonObject(Map.of("text", Json.text(document))),
                Digest.of(times),
                false,
                TIME,
                next);
    }

    private AuditRecord audit() {
        return audit(operator("alice", "operator"), "job.test", Optional.empty());
    }

    private Job put(NewJob job) {
        get(backend().jobs().put(job, audit()));
        return found(job.name());
    }

    /// A job that was due long ago.
    private Job due() {
        return put(job("nightly", "one", "at two", Optional.of(TIME)));
    }

    private Job found(String name) {
        return get(backend().jobs().find(tenant, name)).orElseThrow();
    }

    private Optional<DueJob> onAgenda(Job job) {
        return get(backend().jobs().agenda(10_000)).due().stream()
                .filter(due -> due.job().id().equals(job.id()))
                .findFirst();
    }

    private List<PastFiring> firings(Job job) {
        return get(backend().jobs().firings(job.id(), PageRequest.first(200))).items();
    }

    private static Firing firing(Job job, Instant time, Status status) {
        return new Firing(
                FiringId.of(job.id(), time, time),
                time,
                Cause.SCHEDULE,
                status,
                time,
                status == Status.STARTED ? Optional.empty() : Optional.of("because"),
                0);
    }

    private TestRun run(Firing firing) {
        return TestRun.of(tenant, firing.id().run());
    }

    private JobTurn turn(Job job, Optional<Instant> next, Firing... firings) {
        List<NewRun> runs = new ArrayList<>();
        for (Firing firing : firings) {
            if (firing.status() == Status.STARTED) {
                runs.add(run(firing).submission());
            }
        }
        return new JobTurn(
                job.id(),
                job.name(),
                job.version(),
                List.of(firings),
                runs,
                firings.length,
                next,
                next);
    }

    private boolean commit(JobTurn turn) {
        return get(backend().jobs().commit(turn));
    }

    private int command(Job job, JobCommand command) {
        return get(backend().jobs().command(job.id(), command, audit()));
    }

    private Firing asked(Job job, Instant time, Cause cause) {
        return new Firing(
                FiringId.of(job.id(), time, time),
                time,
                cause,
                Status.WAITING,
                time,
                Optional.empty(),
                0);
    }

    @Test
    void aJobComesOutAsItWentInAndIsDueAtItsTime() {
        NewJob job = job("nightly", "one", "at two", Optional.of(TIME));

        Job kept = put(job);

        assertThat(kept)
                .isEqualTo(
                        new Job(
                                job.id(),
                                tenant,
                                "nightly",
                                Job.Origin.OPERATOR,
                                job.document(),
                                false,
                                false,
                                TIME,
                                Optional.of(TIME),
                                0,
                                0,
                                0,
                                0,
                                Optional.empty()));
        assertThat(onAgenda(kept)).contains(new DueJob(kept, List.of()));
        assertThat(audited()).hasSize(1);
        assertThat(get(backend().jobs().find("another", "nightly"))).isEmpty();
    }

    @Test
    void aJobWhoseTimeHasNotComeIsNotDueAndTheAgendaKnowsWhenTheNextIs() {
        Instant soon = get(backend().leases().now()).plus(Duration.ofMinutes(5));
        Job job = put(job("later", "one", "soon", Optional.of(soon)));

        Agenda agenda = get(backend().jobs().agenda(10));

        assertThat(agenda.due()).extracting(due -> due.job().id()).doesNotContain(job.id());
        assertThat(agenda.next())
                .hasValueSatisfying(next -> assertThat(next).isAfter(agenda.now()));
        assertThat(agenda.next().orElseThrow()).isBeforeOrEqualTo(soon);
    }

    @Test
    void aFiringAndItsRunAreOneCommitAndTheJobMovesOn() {
        Job job = due();
        Firing firing = firing(job, TIME, Status.STARTED);

        boolean done = commit(turn(job, Optional.of(LATER), firing));

        assertThat(done).isTrue();
        RunId run = firing.id().run();
        assertThat(get(backend().runs().find(run)).orElseThrow().status())
                .isEqualTo(RunStatus.QUEUED);
        assertThat(isClaimable(run)).isTrue();
        assertThat(firings(job))
                .containsExactly(new PastFiring(firing, Optional.of(RunStatus.QUEUED)));
        Job after = found("nightly");
        assertThat(after.next()).contains(LATER);
        assertThat(after.fired()).isEqualTo(1);
        assertThat(after.open()).isEqualTo(1);
        assertThat(after.last()).contains(firings(job).getFirst());
    }

    @Test
    void ofManySchedulersOneGoesThrough() {
        Job job = due();
        Firing firing = firing(job, TIME, Status.STARTED);

        List<Boolean> done = atOnce(8, _ -> commit(turn(job, Optional.of(LATER), firing)));

        assertThat(done).containsOnlyOnce(true);
        assertThat(firings(job)).hasSize(1);
        assertThat(found("nightly").fired()).isEqualTo(1);
    }

    @Test
    void aRunThatCannotBeCreatedLeavesNothingOfItsFiring() {
        Job job = due();
        Firing first = firing(job, TIME, Status.STARTED);
        Firing second = firing(job, TIME.plusSeconds(60), Status.STARTED);
        get(backend().runs().create(run(second).submission()));

        assertThatThrownBy(() -> commit(turn(job, Optional.of(LATER), first, second)))
                .isInstanceOf(RuntimeException.class);

        assertThat(found("nightly")).isEqualTo(job);
        assertThat(firings(job)).isEmpty();
        assertThat(get(backend().runs().find(first.id().run()))).isEmpty();
        assertThat(onAgenda(job)).isPresent();
    }

    @Test
    void aTimeThatHasItsRunGetsNoSecond() {
        Job job = due();
        Firing firing = firing(job, TIME, Status.STARTED);
        commit(turn(job, Optional.of(TIME), firing));

        boolean done = commit(turn(found("nightly"), Optional.of(LATER), firing));

        assertThat(done).isTrue();
        assertThat(found("nightly").next()).contains(LATER);
        assertThat(firings(job)).hasSize(1);
    }

    @Test
    void nothingFiresBeforeItsTimeByTheStoresClock() {
        Job job = due();
        Instant early = get(backend().leases().now()).plus(Duration.ofMinutes(10));
        Firing firing = firing(job, early, Status.STARTED);

        boolean done = commit(turn(job, Optional.of(LATER), firing));

        assertThat(done).isFalse();
        assertThat(found("nightly")).isEqualTo(job);
        assertThat(get(backend().runs().find(firing.id().run()))).isEmpty();
    }

    @Test
    void runsThatHaveEndedAreNotOpenAnyMore() {
        Job job = due();
        Firing firing = firing(job, TIME, Status.STARTED);
        TestRun run = run(firing);
        commit(
                new JobTurn(
                        job.id(),
                        job.name(),
                        job.version(),
                        List.of(firing),
                        List.of(run.submission()),
                        1,
                        Optional.of(LATER),
                        Optional.of(LATER)));
        append(run, claimed(run), run.change(new Next.End(), TestRun.failed()));

        Job after = found("nightly");

        assertThat(after.open()).isZero();
        assertThat(after.last().flatMap(PastFiring::run)).contains(RunStatus.FAILED);
        commit(turn(after, Optional.of(LATER)));
        assertThat(found("nightly").open()).isZero();
    }

    @Test
    void aWaitingFiringStartsInPlace() {
        Job job = due();
        commit(turn(job, Optional.of(LATER), firing(job, TIME, Status.WAITING)));
        Job waiting = found("nightly");

        boolean done = commit(turn(waiting, Optional.of(LATER), firing(job, TIME, Status.STARTED)));

        assertThat(waiting.queued()).isEqualTo(1);
        assertThat(done).isTrue();
        assertThat(firings(job))
                .extracting(past -> past.firing().status())
                .containsExactly(Status.STARTED);
        assertThat(found("nightly").queued()).isZero();
    }

    @Test
    void aPausedJobFiresNothingOfItsScheduleButWhatSomebodyAsksFor() {
        Job job = due();
        command(job, new JobCommand.Pause());
        Job paused = found("nightly");
        Firing trigger = asked(job, TIME, Cause.TRIGGER);

        int firings = command(paused, new JobCommand.Fire(List.of(trigger)));

        assertThat(paused.paused()).isTrue();
        assertThat(paused.next()).isEmpty();
        assertThat(firings).isEqualTo(1);
        assertThat(onAgenda(job).orElseThrow().waiting()).containsExactly(trigger);
        assertThat(commit(turn(job, Optional.of(LATER)))).isFalse();
        assertRefused(ProblemCode.ILLEGAL_MOVE, () -> command(paused, new JobCommand.Pause()));
    }

    @Test
    void aResumedJobGoesOnAtTheTimeGiven() {
        Job job = due();
        command(job, new JobCommand.Pause());

        command(job, new JobCommand.Resume(Optional.of(LATER)));

        assertThat(found("nightly").next()).contains(LATER);
        assertThat(found("nightly").paused()).isFalse();
        assertRefused(
                ProblemCode.ILLEGAL_MOVE,
                () -> command(job, new JobCommand.Resume(Optional.of(LATER))));
    }

    @Test
    void aBackfillFiresWhatWasSkippedAndLeavesWhatRan() {
        Job job = due();
        Instant second = TIME.plusSeconds(60);
        Instant third = TIME.plusSeconds(120);
        commit(
                turn(
                        job,
                        Optional.of(LATER),
                        firing(job, TIME, Status.STARTED),
                        firing(job, second, Status.SKIPPED)));

        int firings =
                command(
                        job,
                        new JobCommand.Fire(
                                List.of(
                                        asked(job, TIME, Cause.BACKFILL),
                                        asked(job, second, Cause.BACKFILL),
                                        asked(job, third, Cause.BACKFILL))));

        assertThat(firings).isEqualTo(2);
        assertThat(firings(job))
                .extracting(past -> past.firing().status())
                .containsExactly(Status.WAITING, Status.WAITING, Status.STARTED);
    }

    @Test
    void commandsOfAnotherTenantAreRefused() {
        Job job = due();
        AuditRecord other =
                audit(
                        new Actor("bob", Actor.Plane.OPERATOR, "another", Set.of("operator")),
                        "job.pause",
                        Optional.empty());

        assertRefused(
                ProblemCode.NOT_FOUND,
                () -> get(backend().jobs().command(job.id(), new JobCommand.Pause(), other)));

        assertThat(found("nightly")).isEqualTo(job);
    }

    @Test
    void theSameDocumentChangesNothingAndAnotherScheduleMovesTheTime() {
        Job job = due();

        Job same = put(job("nightly", "one", "at two", Optional.of(LATER)));
        Job other = put(job("nightly", "two", "at two", Optional.of(LATER)));
        Job moved = put(job("nightly", "three", "at three", Optional.of(LATER)));

        assertThat(same).isEqualTo(job);
        assertThat(other.id()).isEqualTo(job.id());
        assertThat(other.next()).contains(TIME);
        assertThat(moved.next()).contains(LATER);
        assertThat(commit(turn(job, Optional.of(LATER)))).isFalse();
    }

    @Test
    void jobsAreListedByNameInPages() {
        Job second = put(job("b", "one", "t", Optional.empty()));
        Job first = put(job("a", "one", "t", Optional.empty()));
        Job third = put(job("c", "one", "t", Optional.empty()));

        Page<Job> page = get(backend().jobs().list(tenant, PageRequest.first(2)));
        Page<Job> rest = get(backend().jobs().list(tenant, new PageRequest(2, page.next())));

        assertThat(page.items()).containsExactly(first, second);
        assertThat(rest.items()).containsExactly(third);
        assertThat(rest.next()).isEmpty();
    }

    @Test
    void firingsComeInPagesTheLatestTimesFirst() {
        Job job = due();
        Firing first = firing(job, TIME, Status.SKIPPED);
        Firing second = firing(job, TIME.plusSeconds(60), Status.FAILED);
        Firing third = firing(job, TIME.plusSeconds(120), Status.SKIPPED);
        commit(turn(job, Optional.of(LATER), second, first, third));

        Page<PastFiring> page = get(backend().jobs().firings(job.id(), PageRequest.first(2)));
        Page<PastFiring> rest =
                get(backend().jobs().firings(job.id(), new PageRequest(2, page.next())));

        assertThat(page.items()).extracting(PastFiring::firing).containsExactly(third, second);
        assertThat(rest.items()).extracting(PastFiring::firing).containsExactly(first);
    }

    @Test
    void aJobWhoseDocumentIsGoneIsRetiredAndComesBackWithIt() {
        Job kept = put(job("mine", "one", "t", Optional.of(TIME)));
        NewJob document = job("theirs", "one", "t", Optional.of(TIME));
        get(backend().jobs().load(List.of(document)));
        Job job = found("theirs");
        commit(turn(job, Optional.of(TIME), firing(job, TIME, Status.WAITING)));

        get(backend().jobs().load(List.of()));

        Job gone = found("theirs");
        assertThat(gone.retired()).isTrue();
        assertThat(gone.next()).isEmpty();
        assertThat(gone.queued()).isZero();
        assertThat(onAgenda(job)).isEmpty();
        assertThat(found("mine")).isEqualTo(kept);
        assertRefused(ProblemCode.ILLEGAL_MOVE, () -> command(gone, new JobCommand.Pause()));
        assertThat(commit(turn(gone, Optional.of(LATER)))).isFalse();
        get(backend().jobs().load(List.of(job("theirs", "one", "t", Optional.of(LATER)))));
        assertThat(found("theirs").retired()).isFalse();
        assertThat(found("theirs").next()).contains(LATER);
        assertThat(found("theirs").id()).isEqualTo(job.id());
    }
}
