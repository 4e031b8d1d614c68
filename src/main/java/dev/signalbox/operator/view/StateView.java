package dev.signalbox.operator.view;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Conversation;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.Turn;
import dev.signalbox.domain.run.Turn.ModelCall;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a run was after one entry of its journal: the fold, in words.
///
/// @param seq position of the entry
/// @param turn the model's current turn; of an agent's run
/// @param steps of a workflow's run: those that have ended, as they ended, then those under way
/// @param conversation what was said before it, oldest first
public record StateView(
        long seq,
        Instant at,
        String event,
        RunStatus status,
        Optional<Instant> startedAt,
        Duration waited,
        Optional<WaitingOn> waitingOn,
        Optional<Hold> hold,
        Optional<RunError> error,
        Optional<Json> output,
        Optional<TurnView> turn,
        List<StepView> steps,
        List<Said> conversation,
        Usage usage,
        int proposals,
        int revisions,
        Optional<String> pausedBy,
        Optional<Progress.Checkpoint> lastCheckpoint) {

    public StateView {
        steps = List.copyOf(steps);
        conversation = List.copyOf(conversation);
    }

    /// A step of a workflow.
    ///
    /// @param status `completed`, `skipped`, `failed` or `running`
    /// @param input of a step under way
    public record StepView(
            String step,
            String status,
            Optional<Json> input,
            Optional<CallView> call,
            Optional<Json> output,
            Optional<RunError> error) {}

    /// A turn of the model.
    ///
    /// @param model `requested`, `retry_due`, `gave_up` or `answered`
    public record TurnView(
            EffectId effectId,
            String model,
            Optional<Json> text,
            List<CallView> calls,
            Optional<Json> output) {
        public TurnView {
            calls = List.copyOf(calls);
        }
    }

    /// A proposed call.
    ///
    /// @param status the state's name, such as `awaiting_approval`
    public record CallView(
            EffectId effectId,
            String callId,
            String tool,
            Optional<Json> arguments,
            Digest callDigest,
            String status,
            Optional<Json> result) {}

    /// One thing that was said.
    ///
    /// @param kind `model`, `feedback` or `steering`
    public record Said(String kind, Optional<TurnView> turn, Optional<Json> text) {}

    /// @param summary of the same state
    /// @param event the entry's type
    public static StateView of(RunState state, RunSummary summary, String event, Values values) {
        Progress progress = state.progress();
        return new StateView(
                summary.headSeq(),
                summary.updatedAt(),
                event,
                state.status(),
                progress.startedAt(),
                progress.waited(),
                summary.waitingOn(),
                summary.hold(),
                summary.error(),
                summary.output().flatMap(values::get),
                progress.turn().map(turn -> turn(turn, values)),
                steps(progress.steps(), values),
                progress.conversation().entries().stream()
                        .map(entry -> said(entry, values))
                        .toList(),
                progress.usage(),
                progress.proposals(),
                progress.revisions(),
                progress.paused(),
                progress.lastCheckpoint());
    }

    private static List<StepView> steps(Steps steps, Values values) {
        Stream<StepView> done =
                steps.done().inOrder().stream()
                        .map(
                                step ->
                                        new StepView(
                                                step.step(),
                                                step.outcome().name().toLowerCase(Locale.ROOT),
                                                Optional.empty(),
                                                Optional.empty(),
                                                step.output().flatMap(values::get),
                                                step.error()));
        Stream<StepView> open =
                steps.open().values().stream()
                        .map(
                                step ->
                                        new StepView(
                                                step.step(),
                                                "running",
                                                values.get(step.input()),
                                                step.call().map(call -> call(call, values)),
                                                Optional.empty(),
                                                Optional.empty()));
        return Stream.concat(done, open).toList();
    }

    private static Said said(Conversation.Entry entry, Values values) {
        return switch (entry) {
            case Conversation.Entry.ModelTurn(Turn turn) ->
                    new Said("model", Optional.of(turn(turn, values)), Optional.empty());
            case Conversation.Entry.Feedback(Digest findings) ->
                    new Said("feedback", Optional.empty(), values.get(findings));
            case Conversation.Entry.Steering(Digest message) ->
                    new Said("steering", Optional.empty(), values.get(message));
        };
    }

    private static TurnView turn(Turn turn, Values values) {
        return new TurnView(
                turn.modelCall(),
                name(turn.model()),
                turn.model() instanceof ModelCall.Answered(Optional<Digest> text, var _)
                        ? text.flatMap(values::get)
                        : Optional.empty(),
                turn.calls().values().stream().map(call -> call(call, values)).toList(),
                turn.output().flatMap(values::get));
    }

    private static CallView call(ToolCall call, Values values) {
        return new CallView(
                call.effectId(),
                call.callId(),
                call.tool(),
                values.get(call.arguments()),
                call.callDigest(),
                name(call.status()),
                call.status() instanceof ToolCall.Status.Succeeded(Digest result)
                        ? values.get(result)
                        : Optional.empty());
    }

    private static String name(Object state) {
        return state.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT);
    }
}
