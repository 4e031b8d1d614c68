package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How far the steps of a workflow's run have come.
///
/// @param open steps under way by id, in the order in which they began
/// @param done steps that have ended, whichever way
/// @param fresh steps that have ended since a call was last proposed: what may begin now follows
///     one of them
/// @param failed the first step that failed
/// @param output the verified output, once verification has passed
public record Steps(
        Map<String, Open> open,
        FinishedSteps done,
        List<String> fresh,
        Optional<Done> failed,
        Optional<Digest> output) {

    public static final Steps NONE =
            new Steps(Map.of(), FinishedSteps.NONE, List.of(), Optional.empty(), Optional.empty());

    /// A step under way.
    ///
    /// @param input what it works on
    /// @param call its newest call, if it has proposed one
    public record Open(String step, Digest input, Optional<ToolCall> call) {}

    /// A step that has ended.
    ///
    /// @param number counted from 1, in the order of ending
    /// @param output what came of it, if it completed
    /// @param error why it failed, if it did
    public record Done(
            String step,
            int number,
            StepOutcome outcome,
            Optional<Digest> output,
            Optional<RunError> error) {}

    public Steps {
        open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
        fresh = List.copyOf(fresh);
    }

    /// Whether the step has ended well: completed or skipped.
    public boolean isDone(String step) {
        return done.find(step).filter(end -> end.outcome() != StepOutcome.FAILED).isPresent();
    }

    public boolean begun(String step) {
        return open.containsKey(step) || done.find(step).isPresent();
    }

    List<ToolCall> calls() {
        return open.values().stream().flatMap(step -> step.call().stream()).toList();
    }

    Steps begin(String step, Digest input) {
        if (begun(step)) {
            throw new IllegalHistoryException("the step '" + step + "' has begun already");
        }
        return with(new Open(step, input, Optional.empty()), fresh);
    }

    /// A call of the step that is its call's id.
    Steps propose(ToolCall call) {
        Open step = openStep(call.callId());
        boolean free =
                step.call()
                        .map(other -> other.status().equals(new ToolCall.Status.Superseded(call.effectId())))
                        .orElse(true);
        if (!free) {
            throw new IllegalHistoryException("the step '" + step.step() + "' has a call already");
        }
        return with(new Open(step.step(), step.input(), Optional.of(call)), List.of());
    }

    /// The call, further on.
    Steps with(ToolCall call) {
        Open step = openStep(call.callId());
        return with(new Open(step.step(), step.input(), Optional.of(call)), fresh);
    }

    private Steps with(Open step, List<String> stillFresh) {
        Map<String, Open> next = new LinkedHashMap<>(open);
        next.put(step.step(), step);
        return new Steps(next, done, stillFresh, failed, output);
    }

    /// A step ends. One that is skipped, or whose condition or input fails, has not begun.
    Steps end(RunEvent.StepCompleted event) {
        String step = event.step();
        Optional<Open> begun = Optional.ofNullable(open.get(step));
        boolean legal =
                switch (event.outcome()) {
                    case COMPLETED -> begun.isPresent() && event.output().isPresent();
                    case SKIPPED -> begun.isEmpty();
                    case FAILED -> event.error().isPresent();
                };
        boolean underWay =
                begun.flatMap(Open::call).filter(call -> !call.settled()).isPresent();
        if (!legal || underWay || done.find(step).isPresent()) {
            throw new IllegalHistoryException(
                    "the step '" + step + "' cannot end as " + event.outcome() + " now");
        }
        Done end =
                new Done(step, done.size() + 1, event.outcome(), event.output(), event.error());
        Map<String, Open> rest = new LinkedHashMap<>(open);
        rest.remove(step);
        return new Steps(
                rest,
                done.plus(end),
                Stream.concat(fresh.stream(), Stream.of(step)).toList(),
                failed.or(
                        () ->
                                Optional.of(end)
                                        .filter(_ -> event.outcome() == StepOutcome.FAILED)),
                output);
    }

    Steps verified(Digest verifiedOutput) {
        return new Steps(open, done, fresh, failed, Optional.of(verifiedOutput));
    }

    private Open openStep(String id) {
        return Optional.ofNullable(open.get(id))
                .orElseThrow(
                        () -> new IllegalHistoryException("no step '" + id + "' is under way"));
    }
}
