package dev.signalbox.crash;

import java.util.stream.Collectors;
import java.util.function.Function;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.crash.Finding.Kind;
import dev.signalbox.crash.Traffic.Host;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.runtime.BareEngine;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/// One run and those that it has work for it, from its submission to its end, through the strikes of
/// a plan: a new process takes over when one is struck, a person decides what waits for one.
final class Trial {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOST_SESSIONS = 20;
    private static final int MOST_STEPS = 5_000;
    private static final int MOST_ENTRIES = 1_000;

    /// What came of it.
    ///
    /// @param passed the boundaries at which nothing was done
    /// @param fired those at which something was
    /// @param reconciled calls of which a person had to say whether they took place
    record Result(
            Optional<End> end,
            List<Boundary> passed,
            List<Boundary> fired,
            int reconciled,
            List<Finding> findings) {}

    private final Lab bare;
    private final Lab lab;
    private final Witness witness;
    private final Reference reference;
    private final Rig rig;
    private final Traffic traffic;
    private final Outside outside;
    private final IdSource ids;
    private final Person person;
    private final RunId run;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<EffectId, Integer> arrived = new HashMap<>();
    private Host process;
    private BareEngine engine;
    private int reconciled;

    Trial(Lab bare, Reference reference, Order order, Plan plan, Rig rig, IdSource ids) {
        this.bare = bare;
        Lab rigged = rig.store(bare);
        this.witness = new Witness(rigged.runs());
        this.lab = rigged.with(witness);
        this.reference = reference;
        this.rig = rig;
        this.ids = ids;
        this.traffic = new Traffic(order, plan);
        this.outside = new Outside(lab.clock());
        this.person = new Person(lab, ids);
        this.run = new RunId(ids.next());
        this.process = traffic.newHost();
        this.engine = engine(process);
    }

    Result run() {
        submit();
        List<RunSummary> open = open();
        for (int session = 0; !open.isEmpty(); session++) {
            if (session == MOST_SESSIONS || !open.stream().allMatch(this::unblocked)) {
                findings.add(new Finding(Kind.STUCK, "it is still " + open.getFirst().status()));
                break;
            }
            for (RunSummary each : open) {
                lab.pass().accept(each.identity().id());
                session(each.identity().id());
            }
            open = open();
        }
        if (traffic.thaw()) {
            steps();
        }
        tree().stream()
                .map(each -> each.identity().id())
                .filter(each -> !each.equals(run))
                .forEach(
                        each ->
                                findings.addAll(
                                        Verdict.of(bare, each, outside, witness).findings()));
        Verdict verdict = Verdict.of(bare, run, outside, witness);
        findings.addAll(verdict.findings());
        return new Result(
                verdict.ending(),
                traffic.passed(),
                traffic.fired(),
                reconciled,
                List.copyOf(findings));
    }

    private void submit() {
        RunIdentity identity =
                new RunIdentity(
                        run,
                        reference.definition().ref(),
                        Person.TENANT,
                        "svc-shop",
                        Map.of(),
                        5,
                        reference.input().digest(),
                        Optional.empty(),
                        Lineage.rootOf(run),
                        "0af7651916cd43dd8448eb211c80319c",
                        Optional.empty(),
                        lab.clock().instant());
        get(lab.runs().create(NewRun.of(identity, reference.input(), Optional.empty())));
    }

    /// The run and all below it, oldest first.
    private List<RunSummary> tree() {
        return get(bare.runs()
                        .list(
                                new RunFilter(
                                        Person.TENANT,
                                        Set.of(),
                                        Optional.empty(),
                                        Map.of(),
                                        false,
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(run)),
                                PageRequest.first(PageRequest.MAX_LIMIT)))
                .items()
                .reversed();
    }

    private List<RunSummary> open() {
        return tree().stream().filter(each -> !each.status().terminal()).toList();
    }

    /// Does what only a person can do; answers whether the run can go on.
    private boolean unblocked(RunSummary summary) {
        RunId run = summary.identity().id();
        if (summary.status() == RunStatus.WAITING) {
            person.approveAll(run);
        }
        if (summary.status() != RunStatus.HELD) {
            return true;
        }
        if (summary.hold().flatMap(Hold::shortage).isPresent()) {
            person.raise(summary, path(summary), Budget.modelCall());
            return true;
        }
        List<ToolCall> unknown =
                Verdict.history(get(bare.runs().journal(run, 0, MOST_ENTRIES)), findings)
                        .map(state -> state.progress().unknownOutcomes())
                        .orElse(List.of());
        if (unknown.isEmpty()) {
            findings.add(new Finding(Kind.GAVE_UP, summary.hold().toString()));
            return false;
        }
        for (ToolCall call : unknown) {
            reconciled++;
            person.reconcile(run, call.effectId(), outside.receipt(call.effectId()));
        }
        return true;
    }

    private List<RunId> path(RunSummary of) {
        List<RunId> path = new ArrayList<>(List.of(of.identity().id()));
        Map<RunId, RunSummary> tree =
                tree().stream()
                        .collect(
                                Collectors.toMap(
                                        each -> each.identity().id(), Function.identity()));
        for (Optional<RunId> above = of.identity().lineage().parent();
                above.isPresent();
                above = tree.get(above.get()).identity().lineage().parent()) {
            path.addFirst(above.get());
        }
        return path;
    }

    /// A process takes the run and drives it until it rests or the process is struck.
    private void session(RunId run) {
        if (!process.moves()) {
            process = traffic.newHost();
            engine = engine(process);
        }
        AtomicBoolean over = new AtomicBoolean();
        engine.work(run)
                .subscribe()
                .with(
                        _ -> over.set(true),
                        failure -> {
                            over.set(true);
                            findings.add(new Finding(Kind.GAVE_UP, failure.toString()));
                        });
        steps();
        if (process.moves() && !over.get()) {
            findings.add(new Finding(Kind.STUCK, "the session waits for nothing"));
        }
    }

    private void steps() {
        for (int steps = 0; process.moves() && traffic.step(); steps++) {
            if (steps == MOST_STEPS) {
                throw new AssertionError("it never ends: " + traffic.passed().getLast());
            }
        }
    }

    private BareEngine engine(Host by) {
        return new BareEngine(
                rig.process(
                        Frontier.of(by, lab, reference, ids, this::arrives, this::asked)));
    }

    private Uni<ToolOutcome> arrives(ToolInvocation call) {
        int times = arrived.merge(call.effectId(), 1, Integer::sum);
        boolean writes = call.tool().sideEffect().writes();
        Uni<Void> intent =
                writes
                        ? intended("tool_started", call.effectId(), times)
                        : Uni.createFrom().voidItem();
        return intent.map(_ -> outside.take(call));
    }

    private Uni<Void> asked(ModelRequest request) {
        return reference.paid()
                ? intended("model_requested", request.effectId(), 1)
                : Uni.createFrom().voidItem();
    }

    /// The journal must have announced the effect as often as it arrives.
    private Uni<Void> intended(String type, EffectId effect, int times) {
        return lab.runs()
                .journal(Frontier.run(effect.value()), 0, MOST_ENTRIES)
                .invoke(
                        entries -> {
                            long announced =
                                    entries.stream()
                                            .filter(entry -> entry.type().equals(type))
                                            .filter(
                                                    entry ->
                                                            entry.effectId()
                                                                    .equals(Optional.of(effect)))
                                            .count();
                            if (announced < times) {
                                findings.add(
                                        new Finding(
                                                Kind.NO_INTENT,
                                                Frontier.place(effect.value())
                                                        + " arrived for the "
                                                        + times
                                                        + ". time, announced "
                                                        + announced
                                                        + " times"));
                            }
                        })
                .replaceWithVoid();
    }

    static <T> T get(Uni<T> work) {
        return work.await().atMost(PATIENCE);
    }
}
