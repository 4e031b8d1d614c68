package dev.signalbox.runtime.stage;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.Action.Delegate;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.ChildSettled;
import dev.signalbox.domain.run.RunEvent.ChildStarted;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ToolFailed;
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

    public ChildStage(IdSource ids, StoreClock clock, SchemaCheck schemas) {
        this.ids = ids;
        this.clock = clock;
        this.schemas = schemas;
    }

    /// What is wrong with the input of a child, if anything is.
    Optional<String> refused(Child child, Json input) {
        return child.input()
                .map(schema -> schemas.findings(schema, input))
                .filter(findings -> !findings.isEmpty())
                .map(findings -> String.join("; ", findings));
    }

    /// Begins the run that does what a step does.
    Draft start(Work work, String step, EffectId effect) {
        if (!(work.workflow().graph().task(step) instanceof Task.RunChild task)) {
            throw new IllegalStateException("the step '" + step + "' has no run of its own");
        }
        Steps.Open open =
                Optional.ofNullable(work.progress().steps().open().get(step)).orElseThrow();
        return begin(work, work.workflow().child(task), effect, step, open.input());
    }

    /// Begins the run that is what a call asks for.
    public Draft delegate(Work work, Delegate action) {
        ToolCall call = action.call();
        Child child = work.definition().childOf(call.tool()).orElseThrow();
        return refused(child, work.payload(call.arguments()))
                .map(
                        why ->
                                Draft.of(
                                        new ToolFailed(
                                                call.effectId(),
                                                0,
                                                FailureKind.PERMANENT,
                                                "invalid_input",
                                                why,
                                                Optional.empty(),
                                                Optional.empty())))
                .orElseGet(
                        () ->
                                begin(
                                        work,
                                        child,
                                        call.effectId(),
                                        call.callId(),
                                        call.arguments()));
    }

    private Draft begin(Work work, Child child, EffectId effect, String step, Digest input) {
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
                        new ChildStarted(effect, step, identity.id(), child.ref(), input))
                .create(NewRun.of(identity, work.payload(input), Optional.empty()));
    }

    /// A child that the run still waits for has ended; anything else is of no interest any more.
    static Draft settled(RunState state, Ask.ChildSettled end) {
        Draft draft = new Draft();
        state.progress().calls().stream()
                .filter(call -> call.status().equals(new Status.Delegated(end.childId())))
                .findFirst()
                .ifPresent(
                        call ->
                                draft.add(
                                        new ChildSettled(
                                                call.effectId(),
                                                end.childId(),
                                                end.status(),
                                                end.output().map(draft::keep),
                                                end.error(),
                                                end.usage())));
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
    public static List<RunCommand> tell(RunSummary ended, Optional<Json> output) {
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
                                                ended.usage()),
                                        ended.updatedAt()))
                .toList();
    }

    private static Actor runtime(RunIdentity run) {
        return new Actor("run " + run.id(), Actor.Plane.RUNTIME, run.tenant(), Set.of());
    }
}
