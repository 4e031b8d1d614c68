package dev.signalbox.runtime.stage;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.Action.Delegate;
import dev.signalbox.domain.plan.Action.Refuse;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.ChildSettled;
import dev.signalbox.domain.run.RunEvent.ChildStarted;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ToolFailed;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.StoreClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Runs that a run has do something for it: how they begin, and what the two tell one another.
///
/// Guarantee: a child is created by the commit that says so in its parent's journal, and its end is
/// told by the commit that ends it. Consequence: no crash makes two of one, or loses what came of it.
@ApplicationScoped
public class ChildStage {

    private final IdSource ids;
    private final StoreClock clock;
    private final SchemaCheck schemas;
    private final TreeLimits tree;

    public ChildStage(IdSource ids, StoreClock clock, SchemaCheck schemas, TreeLimits tree) {
        this.ids = ids;
        this.clock = clock;
        this.schemas = schemas;
        this.tree = tree;
    }

    /// What is wrong with the input of a child, if anything is.
    Optional<String> refused(Child child, Json input) {
        return child.input()
                .map(schema -> schemas.findings(schema, input))
                .filter(findings -> !findings.isEmpty())
                .map(findings -> String.join("; ", findings));
    }

    /// Begins the run that does what a step does.
    Draft start(Work work, String step, EffectId effect, Budget budget) {
        if (!(work.workflow().graph().task(step) instanceof Task.RunChild task)) {
            throw new IllegalStateException("the step '" + step + "' has no run of its own");
        }
        Steps.Open open =
                Optional.ofNullable(work.progress().steps().open().get(step)).orElseThrow();
        return begin(work, work.workflow().child(task), effect, step, open.input(), budget);
    }

    /// Begins the run that is what a call asks for.
    public Draft delegate(Work work, Delegate action) {
        ToolCall call = action.call();
        Child child = work.definition().childOf(call.tool()).orElseThrow();
        return refused(child, work.payload(call.arguments()))
                .map(
                        why -> refused(call, new RunError("invalid_input", why)))
                .orElseGet(
                        () ->
                                begin(
                                        work,
                                        child,
                                        call.effectId(),
                                        call.callId(),
                                        call.arguments(),
                                        action.budget()));
    }

    /// A call that no run will do.
    public static Draft refuse(Refuse action) {
        return refused(action.call(), action.error());
    }

    private static Draft refused(ToolCall call, RunError error) {
        return Draft.of(
                new ToolFailed(
                        call.effectId(),
                        0,
                        FailureKind.PERMANENT,
                        error.code(),
                        error.message(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Draft begin(
            Work work, Child child, EffectId effect, String step, Digest input, Budget granted) {
        Budget budget = tree.within(work.progress().identity().lineage(), granted);
        RunIdentity parent = work.progress().identity();
        RunIdentity identity =
                new RunIdentity(
                        new RunId(ids.next()),
                        child.ref(),
                        parent.tenant(),
                        parent.requestedBy(),
                        parent.labels(),
                        parent.priority(),
                        input,
                        parent.deadline(),
                        parent.lineage().childOf(parent.id()),
                        parent.traceId(),
                        Optional.empty(),
                        clock.instant());
        return Draft.of(
                        new ChildStarted(
                                effect,
                                step,
                                identity.id(),
                                child.ref(),
                                input,
                                Optional.of(budget)))
                .create(NewRun.child(identity, work.payload(input), budget));
    }

    /// A child of the run has ended. It may be that nothing waits for it any more; what it used has
    /// to be known all the same.
    static Draft settled(RunState state, Ask.ChildSettled end) {
        Draft draft = new Draft();
        Optional.ofNullable(state.progress().ledger().reserved().get(end.childId()))
                .ifPresent(
                        reservation ->
                                draft.add(
                                        new ChildSettled(
                                                reservation.effectId(),
                                                end.childId(),
                                                end.status(),
                                                end.output().map(draft::keep),
                                                end.error(),
                                                end.usage(),
                                                end.charged())));
        return draft;
    }

    /// Tells the children of those calls that nobody needs them any more.
    Draft cancel(Progress parent, Stream<ToolCall> calls, String reason) {
        Draft draft = new Draft();
        calls.forEach(
                call -> {
                    if (call.status() instanceof Status.Delegated(RunId child)) {
                        draft.post(
                                new RunCommand(
                                        new CommandId(ids.next()),
                                        child,
                                        runtime(parent.identity()),
                                        reason,
                                        new Ask.Cancel(),
                                        clock.instant()));
                    }
                });
        return draft;
    }

    /// What a run that has ended tells its parent, if it has one.
    ///
    /// @param output what came of it, if it completed
    /// @param charged what it and all below it used up; of what is still under way, all that is
    ///     reserved for it
    public static List<RunCommand> tell(
            RunSummary ended, Optional<Json> output, Budget charged) {
        RunIdentity child = ended.identity();
        return child.lineage().parent().stream()
                .map(
                        parent ->
                                new RunCommand(
                                        new CommandId(child.id().value()),
                                        parent,
                                        runtime(child),
                                        "The child run has ended.",
                                        new Ask.ChildSettled(
                                                child.id(),
                                                ended.status(),
                                                output,
                                                ended.error(),
                                                ended.usage(),
                                                Optional.of(charged)),
                                        ended.updatedAt()))
                .toList();
    }

    private static Actor runtime(RunIdentity run) {
        return new Actor("run " + run.id(), Actor.Plane.RUNTIME, run.tenant(), Set.of());
    }
}
