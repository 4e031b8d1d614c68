package dev.signalbox.runtime;

import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Action.Effect;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Held;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.runtime.stage.CommandStage;
import dev.signalbox.runtime.stage.Draft;
import dev.signalbox.runtime.stage.ModelStage;
import dev.signalbox.runtime.stage.PolicyStage;
import dev.signalbox.runtime.stage.RestStage;
import dev.signalbox.store.StoreClock;
import dev.signalbox.runtime.stage.ToolStage;
import dev.signalbox.runtime.stage.VerifyStage;
import dev.signalbox.runtime.stage.WakeStage;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunInbox.Inbox;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a run goes on, round by round: answer the inbox, plan, policy → approval → effect → verify,
/// commit.
///
/// Guarantees: the intent of an effect is committed before the effect is sent, together with the
/// outcome of the one before; outcomes are committed as they come in; a round that fails to commit
/// ends the session, and whoever claims the run next starts from the journal.
@ApplicationScoped
class RunPipeline {

    private static final Hold BLOCKED =
            new Hold(
                    Hold.Reason.DEFINITION_BLOCKED,
                    "The definition that the run pins cannot be read by this version of Signalbox.",
                    Optional.empty(),
                    Optional.empty());

    private static final Hold BROKEN =
            new Hold(
                    Hold.Reason.RUNTIME_ERROR,
                    "The runtime failed on this run; its log says how. Releasing the run tries"
                            + " again.",
                    Optional.empty(),
                    Optional.empty());

    private final RunStore runs;
    private final Commits commits;
    private final RunInbox inbox;
    private final StoreClock clock;
    private final CommandStage commands;
    private final WakeStage wake;
    private final PolicyStage policy;
    private final ModelStage models;
    private final ToolStage tools;
    private final VerifyStage verification;
    private final RestStage rest;

    RunPipeline(
            RunStore runs,
            Commits commits,
            RunInbox inbox,
            StoreClock clock,
            CommandStage commands,
            WakeStage wake,
            PolicyStage policy,
            ModelStage models,
            ToolStage tools,
            VerifyStage verification,
            RestStage rest) {
        this.runs = runs;
        this.commits = commits;
        this.inbox = inbox;
        this.clock = clock;
        this.commands = commands;
        this.wake = wake;
        this.policy = policy;
        this.models = models;
        this.tools = tools;
        this.verification = verification;
        this.rest = rest;
    }

    /// Runs rounds until the run rests or the session is asked to stop.
    Uni<Void> drive(Drive run) {
        return Multi.createBy()
                .repeating()
                .uni(() -> round(run))
                .whilst(goesOn -> goesOn)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /// One round; answers whether there is another.
    private Uni<Boolean> round(Drive run) {
        if (run.control().stopping()) {
            return commits.commit(run, new Next.Continue()).replaceWith(false);
        }
        return inbox(run)
                .call(answers -> edits(run.session(), answers))
                .invoke(answers -> answer(run, answers))
                .chain(answers -> proceed(run, answers));
    }

    /// What people and clients ask of the run. Every commit says whether there is something new.
    private Uni<Inbox> inbox(Drive run) {
        RunSession session = run.session();
        boolean interrupted = run.control().rearm();
        return interrupted || session.hasNews()
                ? inbox.read(session.runId()).invoke(session::heard)
                : Uni.createFrom().item(session::nothingNew);
    }

    /// Brings in the arguments that people have edited: no event names them yet.
    private Uni<Void> edits(RunSession session, Inbox answers) {
        Set<Digest> edited =
                answers.approvals().stream()
                        .flatMap(approval -> approval.decisions().stream())
                        .flatMap(decision -> decision.editedArguments().stream())
                        .filter(digest -> !session.knows(digest))
                        .collect(Collectors.toUnmodifiableSet());
        return edited.isEmpty()
                ? Uni.createFrom().voidItem()
                : runs.payloads(session.runId(), edited).invoke(session::learn).replaceWithVoid();
    }

    private void answer(Drive run, Inbox answers) {
        RunSession session = run.session();
        answers.commands()
                .forEach(command -> record(run, commands.apply(session.state(), command)));
        record(run, wake.up(session, session.state(), answers, session.lease().worker()));
        if (session.state() instanceof Running) {
            record(run, run.trace().step(Telemetry.APPROVAL, () -> wake.resolve(session, answers)));
        }
    }

    private Uni<Boolean> proceed(Drive run, Inbox answers) {
        List<Effect> effects = planned(run);
        if (!effects.isEmpty()) {
            return perform(run, effects).replaceWith(true);
        }
        record(run, rest.withdrawals(run.session().state()));
        return commits.commit(run, rest.next(run.session().state(), answers.wakeVersion()))
                .replaceWith(false);
    }

    /// Takes every step that needs nothing from outside; answers the effects that come next.
    private List<Effect> planned(Drive run) {
        if (!run.session().readable() && run.session().state() instanceof Running) {
            record(run, Draft.of(new RunHeld(BLOCKED, run.trace().spanId())));
        }
        while (run.session().state() instanceof Running running) {
            List<Action> actions =
                    run.session().definition().plan(running, Set.of(), clock.instant());
            List<Effect> effects = new ArrayList<>();
            for (Action action : actions) {
                switch (action) {
                    case Effect effect -> effects.add(effect);
                    case Action.Step step -> record(run, step(run, step));
                    case Action.Rest resting ->
                            record(run, rest.record(run.session(), resting, run.trace().spanId()));
                }
            }
            if (!effects.isEmpty()) {
                return effects;
            }
        }
        return List.of();
    }

    private Draft step(Drive run, Action.Step step) {
        RunSession session = run.session();
        return switch (step) {
            case Action.Propose propose ->
                    run.trace().step(Telemetry.POLICY, () -> policy.propose(session, propose));
            case Action.Verify verify ->
                    run.trace()
                            .step(
                                    Telemetry.VERIFICATION,
                                    () -> verification.verify(session, verify));
        };
    }

    private Uni<Void> perform(Drive run, List<Effect> effects) {
        effects.forEach(effect -> record(run, intent(run.session(), effect)));
        return commits.commit(run, new Next.Continue())
                .chain(() -> commits.sure(run))
                .chain(() -> outcomes(run, effects));
    }

    /// A single outcome waits for what follows from it and shares its commit; several are committed
    /// as they come in, because the others may take long.
    private Uni<Void> outcomes(Drive run, List<Effect> effects) {
        return Multi.createFrom()
                .iterable(effects)
                .onItem()
                .transformToUni(effect -> outcome(run, effect))
                .merge(effects.size())
                .invoke(draft -> record(run, draft))
                .onItem()
                .transformToUniAndConcatenate(
                        _ ->
                                effects.size() == 1
                                        ? Uni.createFrom().voidItem()
                                        : commits.commit(run, new Next.Continue()))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Draft intent(RunSession session, Effect effect) {
        return switch (effect) {
            case Action.CallModel call -> models.intent(session, call);
            case Action.ExecuteTool call -> tools.intent(session, call);
        };
    }

    private Uni<Draft> outcome(Drive run, Effect effect) {
        RunSession session = run.session();
        return switch (effect) {
            case Action.CallModel call ->
                    run.control()
                            .unlessInterrupted(
                                    run.trace()
                                            .call(
                                                    EffectSpans.chat(run, call),
                                                    () -> models.perform(session, call)));
            case Action.ExecuteTool call ->
                    run.trace()
                            .call(EffectSpans.tool(run, call), () -> tools.perform(session, call, run.control().sureUntil()));
        };
    }

    private void record(Drive run, Draft draft) {
        run.session().record(draft, clock.instant());
    }

    /// Holds a run on which this runtime itself has failed, so that it is not taken again and
    /// again.
    Uni<Void> holdBroken(RunSession session) {
        if (!(session.state() instanceof RunState.Open) || session.state() instanceof Held) {
            return Uni.createFrom().voidItem();
        }
        session.record(Draft.of(new RunHeld(BROKEN, Optional.empty())), clock.instant());
        return inbox.read(session.runId())
                .chain(
                        answers ->
                                runs.append(
                                        session.lease(),
                                        session.change(
                                                rest.next(
                                                        session.state(), answers.wakeVersion()))))
                .replaceWithVoid();
    }

    /// Whether the store cannot be reached, or could not for as long as anybody wanted to wait.
    static boolean unavailable(Throwable failure) {
        Throwable reason =
                failure instanceof IllegalStateException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return reason instanceof ProblemException refusal
                && refusal.problem().code() == ProblemCode.UNAVAILABLE;
    }
}
