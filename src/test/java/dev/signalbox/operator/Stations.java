package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.Shortage;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.Job;
import dev.signalbox.store.JobStore;
import dev.signalbox.store.JobStore.JobTurn;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.support.Journals;
import dev.signalbox.wire.JsonCodec;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// Runs at every place where a run can stop, put into the store by hand.
@ApplicationScoped
public class Stations {

    static final String REFUND = "{\"orderId\":\"A-120\",\"amount\":120}";

    private final RunStore runs;
    private final RunLeases leases;
    private final DefinitionStore definitions;
    private final JobStore jobs;
    private final JobCommands jobCommands;

    Stations(
            RunStore runs,
            RunLeases leases,
            DefinitionStore definitions,
            JobStore jobs,
            JobCommands jobCommands) {
        this.runs = runs;
        this.leases = leases;
        this.definitions = definitions;
        this.jobs = jobs;
        this.jobCommands = jobCommands;
    }

    /// A job of every night.
    public String job(String name) {
        jobCommands
                .put(
                        new Actor("alice", Actor.Plane.OPERATOR, "default", Set.of("operator")),
                        name,
                        JsonCodec.parseObject(
                                """
                                {"schedule": {"cron": "0 2 * * *", "timeZone": "Europe/Lisbon"},
                                 "run": {"workflow": "refund-workflow",
                                         "input": {"orderId": "A-120", "amount": 20}}}
                                """),
                        Optional.of("every night"))
                .await()
                .indefinitely();
        return name;
    }

    /// The same, with a night of each kind behind it.
    public String firedJob() {
        String name = job("nightly-refunds");
        Job job = jobs.find("default", name).await().indefinitely().orElseThrow();
        Journals ran = completed();
        List<Firing> firings =
                List.of(
                        firing(ran.id().value(), 1, Firing.Status.STARTED, ""),
                        firing(2, Firing.Status.SKIPPED, "a run of the job was still open"),
                        firing(3, Firing.Status.FAILED, "there is no workflow 'refund'"),
                        firing(0, Firing.Status.WAITING, "waits for a scheduler"));
        jobs.commit(
                        new JobTurn(
                                job.id(),
                                name,
                                job.version(),
                                firings,
                                List.of(),
                                2,
                                job.next(),
                                job.next()))
                .await()
                .indefinitely();
        return name;
    }

    private static Firing firing(int days, Firing.Status status, String why) {
        return firing(UUID.randomUUID(), days, status, why);
    }

    private static Firing firing(UUID id, int days, Firing.Status status, String why) {
        Instant time = Instant.now().minus(Duration.ofDays(days)).truncatedTo(ChronoUnit.HOURS);
        return new Firing(
                new FiringId(id),
                time,
                days == 0 ? Firing.Cause.TRIGGER : Firing.Cause.SCHEDULE,
                status,
                time,
                Optional.of(why).filter(words -> !words.isEmpty()),
                0);
    }

    private Journals begun(String tenant, Duration ago) {
        DefinitionRef ref =
                definitions
                        .resolve("refund-agent", Optional.empty())
                        .await()
                        .indefinitely()
                        .orElseThrow()
                        .ref();
        return Journals.of(ref, tenant, REFUND, Instant.now().minus(ago));
    }

    private static Journals lookedUp(Journals journal) {
        return journal.started()
                .proposes("orders.lookup", "{\"orderId\":\"A-120\"}")
                .policy(Verdict.ALLOW, "reads", "the policy's allow list has 'orders.*'")
                .sent()
                .result("{\"orderId\":\"A-120\",\"customer\":\"Ada\",\"total\":200}");
    }

    /// Waits for a support lead.
    public Journals waiting() {
        return waiting("default");
    }

    public Journals waiting(String tenant) {
        return waitingFor(lookedUp(begun(tenant, Duration.ofMinutes(12))), REFUND)
                .into(runs, leases);
    }

    private static Journals waitingFor(Journals journal, String arguments) {
        return journal.proposes("payments.refund", arguments)
                .policy(
                        Verdict.REQUIRE_APPROVAL,
                        "big-refund",
                        "rule 'big-refund' holds: tool.name == 'payments.refund'")
                .asks("payments.refund", arguments);
    }

    /// Waits, and everything in it is hostile.
    public Journals hostile() {
        String script = "<script>document.title='owned'</script><img src=x onerror=alert(1)>";
        String arguments =
                "{\"orderId\":\"" + script + "\",\"amount\":120,\"apiKey\":\"sk-very-secret\"}";
        Journals journal =
                Journals.of(
                        "<b onmouseover=alert(1)>agent",
                        "{\"note\":\"" + script + "\"}",
                        Instant.now().minusSeconds(90));
        return waitingFor(journal.started().says(script), arguments).into(runs, leases);
    }

    /// A refund was sent, and the worker died before an answer came.
    public Journals held() {
        return held(Duration.ofMinutes(47));
    }

    public Journals held(Duration ago) {
        Journals journal =
                lookedUp(begun("default", ago))
                        .proposes("payments.refund", "{\"orderId\":\"A-077\",\"amount\":30}")
                        .policy(
                                Verdict.ALLOW,
                                "small-refund",
                                "rule 'small-refund' holds: args.amount <= 50.0")
                        .sent();
        return journal.add(
                        new RunEvent.ToolFailed(
                                journal.call(),
                                1,
                                FailureKind.UNKNOWN,
                                "worker_lost",
                                "The worker that sent the call was lost before an answer came.",
                                Optional.empty(),
                                Optional.empty()))
                .add(
                        new RunEvent.RunHeld(
                                new Hold(
                                        Hold.Reason.UNKNOWN_OUTCOME,
                                        "payments.refund was sent and nobody knows whether it"
                                                + " happened. Find out, then reconcile it.",
                                        Optional.of(journal.call()),
                                        Optional.empty()),
                                Optional.empty()))
                .into(runs, leases);
    }

    /// Has asked its model as often as it may.
    public Journals heldForBudget() {
        Budget total =
                new Budget(
                        Optional.of(1L),
                        Optional.of(5L),
                        Optional.empty(),
                        Optional.of(new BigDecimal("0.50")),
                        Optional.of(Duration.ofMinutes(10)),
                        Optional.empty());
        Usage used = new Usage(1, 1, 412, 58, new BigDecimal("0.0021"));
        return lookedUp(begun("default", Duration.ofMinutes(12)))
                .add(
                        new RunEvent.RunHeld(
                                new Hold(
                                        Hold.Reason.BUDGET,
                                        "1 model calls are used up, of 1 model calls that the run"
                                                + " and all below it may use. Raising its budget"
                                                + " lets it go on with its next call; nothing is"
                                                + " lost.",
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(
                                                new Shortage(
                                                        Budget.Kind.MODEL_CALLS,
                                                        total,
                                                        Budget.of(used, Duration.ofSeconds(2))))),
                                Optional.empty()))
                .into(runs, leases);
    }

    public Journals completed() {
        return completed("default");
    }

    public Journals completed(String tenant) {
        return lookedUp(begun(tenant, Duration.ofMinutes(30)))
                .proposes("payments.refund", "{\"orderId\":\"A-120\",\"amount\":20}")
                .policy(
                        Verdict.ALLOW,
                        "small-refund",
                        "rule 'small-refund' holds: args.amount <= 50.0")
                .sent()
                .result("{\"paid\":20,\"reference\":\"R-1\"}")
                .says("{\"refunded\": 20}")
                .completed("{\"refunded\":20}")
                .into(runs, leases);
    }

    public Journals failed() {
        return lookedUp(begun("default", Duration.ofHours(3)))
                .add(
                        new RunEvent.RunFailed(
                                new RunError(
                                        "limit_exceeded", "The run has used its 12 model calls.")))
                .into(runs, leases);
    }

    /// Its refund went out; then somebody cancelled it.
    public Journals cancelledAfterItsRefund() {
        return lookedUp(begun("default", Duration.ofMinutes(20)))
                .proposes("payments.refund", "{\"orderId\":\"A-120\",\"amount\":20}")
                .policy(
                        Verdict.ALLOW,
                        "small-refund",
                        "rule 'small-refund' holds: args.amount <= 50.0")
                .sent()
                .result("{\"paid\":20,\"reference\":\"R-2\"}")
                .add(new RunEvent.RunCancelled("alice", "wrong order"))
                .into(runs, leases);
    }

    public Journals queued() {
        return begun("default", Duration.ofSeconds(4)).into(runs, leases);
    }

    /// A worker is on it.
    public Journals running() {
        return lookedUp(begun("default", Duration.ofSeconds(9))).requested().into(runs, leases);
    }
}
