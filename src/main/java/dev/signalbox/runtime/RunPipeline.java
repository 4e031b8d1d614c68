package dev.signalbox.runtime;

import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Action.Effect;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.RunHeld;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Held;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.runtime.stage.ChildStage;
import dev.signalbox.runtime.stage.CommandStage;
import dev.signalbox.runtime.stage.Draft;
import dev.signalbox.runtime.stage.ModelStage;
import dev.signalbox.runtime.stage.PolicyStage;
import dev.signalbox.runtime.stage.RestStage;
import dev.signalbox.runtime.stage.StepStage;
import dev.signalbox.store.Caller;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a run goes on, round by round: answer the inbox, plan, policy → approval → effect → verify,
/// commit.
///
/// Guarantees: all that has led to an effect that may change something outside, and its intent, are
/// committed before the effect is sent. Other effects begin while that commit is under way: if it
/// never arrives, whoever claims the run next makes them again. Outcomes are committed as they come
/// in; a commit that fails ends the session, and whoever claims the run next starts from the
/// journal.
@ApplicationScoped
class RunPipeline {

    private static final Hold BROKEN =
            new Hold(
                    Hold.Reason.RUNTIME_ERROR,
                    "The runtime failed on this run; its log says how. Releasing the run tries"
                            + " again.",
                    Optional.empty(),
                    Optional.empty());

    /// Most events of a session that are not on their way to the store.
    private static final int AHEAD = 200;

    private final RunStore runs;
    private final Commits commits;
    private final RunInbox inbox;
    private final StoreClock clock;
    private final CommandStage commands;
    private final WakeStage wake;
    private final StepStage steps;
    private final ChildStage children;
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
            StepStage steps,
            ChildStage children,
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
        this.steps = steps;
        this.children = children;
        this.policy = policy;
        this.models = models;
        this.tools = tools;
        this.verification = verification;
        this.rest = rest;
    }

    /// Runs rounds until the run rests or the session is asked to stop. When it is over, so are the
    /// session's commits.
    Uni<Void> drive(RunSession session, SessionControl control, SessionTrace trace) {
        Drive run = new Drive(session, commits.of(session, control), control, trace);
        return Multi.createBy()
                .repeating()
                .uni(() -> round(run))
                .whilst(goesOn -> goesOn)
                .collect()
                .last()
                .onTermination()
                .call(run.commits()::idle)
                .replaceWithVoid();
    }

    /// One round; answers whether there is another.
    private Uni<Boolean> round(Drive run) {
        if (run.control().stopping()) {
            return run.commits().durable().replaceWith(false);
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
        answers.commands().stream()
                .filter(command -> !(command.ask() instanceof Ask.ChildSettled))
                .forEach(command -> record(run, commands.apply(session.state(), command)));
        record(run, wake.up(session, session.state(), answers, session.lease().worker()));
        session.takeInheritance().ifPresent(inheritance -> record(run, inheritance));
        answers.commands().stream()
                .filter(command -> command.ask() instanceof Ask.ChildSettled)
                .forEach(command -> record(run, commands.apply(session.state(), command)));
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
        return run.commits()
                .last(rest.next(run.session().state(), answers.wakeVersion()))
                .replaceWith(false);
    }

    /// Takes every step that needs nothing from outside; answers the effects that come next.
    private List<Effect> planned(Drive run) {
        Optional<String> blocked = run.session().blocked();
        if (blocked.isPresent() && run.session().state() instanceof Running) {
            record(run, Draft.of(new RunHeld(blocked(blocked.get()), run.trace().spanId())));
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

    private static Hold blocked(String why) {
        return new Hold(
                Hold.Reason.DEFINITION_BLOCKED, why, Optional.empty(), Optional.empty());
    }

    private Draft step(Drive run, Action.Step step) {
        RunSession session = run.session();
        return switch (step) {
            case Action.Propose propose ->
                    run.trace().step(Telemetry.POLICY, () -> policy.propose(session, propose));
            case Action.MissCall missed -> tools.missed(session, missed);
            case Action.StepMove move -> steps.move(session, move);
            case Action.Delegate delegate -> children.delegate(session, delegate);
            case Action.Refuse refuse -> ChildStage.refuse(refuse);
            case Action.Conclude _ ->
                    run.trace()
                            .step(Telemetry.VERIFICATION, () -> verification.conclude(session));
            case Action.Verify verify ->
                    run.trace()
                            .step(
                                    Telemetry.VERIFICATION,
                                    () -> verification.verify(session, verify));
        };
    }

    private Uni<Void> perform(Drive run, List<Effect> effects) {
        effects.forEach(effect -> record(run, intent(run.session(), effect)));
        return run.commits().begin().chain(() -> outcomes(run, effects));
    }

    private Uni<Void> outcomes(Drive run, List<Effect> effects) {
        return Multi.createFrom()
                .iterable(effects)
                .onItem()
                .transformToUni(effect -> outcome(run, effect))
                .merge(effects.size())
                .invoke(draft -> record(run, draft))
                .onItem()
                .transformToUniAndConcatenate(_ -> noted(run, effects))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /// A single outcome waits for what follows from it and shares its commit; of several, each is
    /// committed as it comes in, because the others may take long.
    private static Uni<Void> noted(Drive run, List<Effect> effects) {
        return effects.size() == 1 ? Uni.createFrom().voidItem() : run.commits().begin();
    }

    private Draft intent(RunSession session, Effect effect) {
        return switch (effect) {
            case Action.CallModel call -> models.intent(session, call);
            case Action.ExecuteTool call -> tools.intent(session, call);
            case Action.ProbeCall _ -> new Draft();
        };
    }

    private Uni<Draft> outcome(Drive run, Effect effect) {
        return Caller.answered(perform(run, effect));
    }

    private Uni<Draft> perform(Drive run, Effect effect) {
        return switch (effect) {
            case Action.ProbeCall probe ->
                    ready(run, false)
                            .chain(
                                    () ->
                                            run.trace()
                                                    .call(
                                                            EffectSpans.probe(run, probe),
                                                            () ->
                                                                    tools.probe(
                                                                            run.session(),
                                                                            probe)));
            case Action.CallModel call ->
                    ready(run, !models.isFree(run.session(), call)).chain(() -> chat(run, call));
            case Action.ExecuteTool call ->
                    tools.changesSomething(run.session(), call)
                            ? ready(run, true)
                                    .chain(() -> tool(run, call, run.control().sureUntil()))
                            : ready(run, false).chain(() -> tool(run, call, Instant.MAX));
        };
    }

    /// Whether an effect may begin. One that must not be made in vain needs all that has led to it
    /// to be durable, and the run to be this session's own; any other goes ahead of its commit, but
    /// not without end.
    private Uni<Void> ready(Drive run, boolean sure) {
        if (sure) {
            return commits.sure(run);
        }
        return run.session().ahead() > AHEAD
                ? run.commits().durable()
                : Uni.createFrom().voidItem();
    }

    private Uni<Draft> chat(Drive run, Action.CallModel call) {
        return run.control()
                .unlessInterrupted(
                        run.trace()
                                .call(
                                        EffectSpans.chat(run, call),
                                        () -> models.perform(run.session(), call)));
    }

    private Uni<Draft> tool(Drive run, Action.ExecuteTool call, Instant sendBy) {
        return run.trace()
                .call(
                        EffectSpans.tool(run, call),
                        () -> tools.perform(run.session(), call, sendBy));
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
                                        session.take(
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
