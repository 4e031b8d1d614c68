package dev.signalbox.operator;

import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.support.Journals;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Runs at every place where a run can stop, put into the store by hand.
@ApplicationScoped
public class Stations {

    static final String REFUND = "{\"orderId\":\"A-120\",\"amount\":120}";

    private final RunStore runs;
    private final RunLeases leases;
    private final DefinitionStore definitions;

    Stations(RunStore runs, RunLeases leases, DefinitionStore definitions) {
        this.runs = runs;
        this.leases = leases;
        this.definitions = definitions;
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

    public Journals queued() {
        return begun("default", Duration.ofSeconds(4)).into(runs, leases);
    }

    /// A worker is on it.
    public Journals running() {
        return lookedUp(begun("default", Duration.ofSeconds(9))).requested().into(runs, leases);
    }
}
