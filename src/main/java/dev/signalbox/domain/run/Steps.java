package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.RunEvent.StepFailure;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
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
/// @param failed the first step whose failure ends the run
/// @param compensating whether what has completed is being undone before that
/// @param signals named signals that no step has taken yet, oldest first, by name
/// @param children how many child runs were started
/// @param output the verified output, once verification has passed
public record Steps(
        Map<String, Open> open,
        FinishedSteps done,
        List<String> fresh,
        Optional<Done> failed,
        boolean compensating,
        Map<String, List<Digest>> signals,
        int children,
        Optional<Digest> output) {

    public static final Steps NONE =
            new Steps(
                    Map.of(),
                    FinishedSteps.NONE,
                    List.of(),
                    Optional.empty(),
                    false,
                    Map.of(),
                    0,
                    Optional.empty());

    /// A step under way.
    ///
    /// @param input what it works on
    /// @param since when it began
    /// @param attempt counted from 1
    /// @param notBefore when the attempt is due, if it is not the first
    /// @param timer when it ends, if it waits for a time
    /// @param call the attempt's newest call, if it has proposed one
    public record Open(
            String step,
            Digest input,
            Instant since,
            int attempt,
            Optional<Instant> notBefore,
            Optional<Instant> timer,
            Optional<ToolCall> call) {

        Open with(Optional<ToolCall> next) {
            return new Open(step, input, since, attempt, notBefore, timer, next);
        }

        /// Whether its attempt may begin.
        public boolean due(Instant now) {
            return notBefore.map(time -> !time.isAfter(now)).orElse(true);
        }
    }

    /// A step that has ended.
    ///
    /// @param number counted from 1, in the order of ending
    /// @param output what came of it, if it completed
    /// @param error why it failed, if it did
    /// @param then what its failure leads to; empty if it fails the run
    public record Done(
            String step,
            int number,
            StepOutcome outcome,
            Optional<Digest> output,
            Optional<RunError> error,
            Optional<StepFailure> then) {

        /// Whether what needs the step may begin.
        public boolean lets() {
            return outcome != StepOutcome.FAILED || then.equals(Optional.of(StepFailure.CONTINUE));
        }
    }

    public Steps {
        open = Collections.unmodifiableMap(new LinkedHashMap<>(open));
        fresh = List.copyOf(fresh);
        signals = Map.copyOf(signals);
    }

    /// Whether the step has ended and what needs it may begin.
    public boolean isDone(String step) {
        return done.find(step).filter(Done::lets).isPresent();
    }

    public boolean begun(String step) {
        return open.containsKey(step) || done.find(step).isPresent();
    }

    List<ToolCall> calls() {
        return open.values().stream().flatMap(step -> step.call().stream()).toList();
    }

    Steps begin(String step, Digest input, Instant at) {
        if (begun(step)) {
            throw new IllegalHistoryException("the step '" + step + "' has begun already");
        }
        return with(new Open(
                        step,
                        input,
                        at,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                fresh);
    }

    /// A step's next attempt: its call has ended, the next is still to be proposed.
    Steps retry(RunEvent.StepRetried event) {
        Open step = openStep(event.step());
        if (step.call().map(ToolCall::mayBeOut).orElse(false)
                || event.attempt() != step.attempt() + 1) {
            throw new IllegalHistoryException(
                    "the step '" + step.step() + "' cannot be tried again now");
        }
        return with(
                new Open(
                        step.step(),
                        step.input(),
                        step.since(),
                        event.attempt(),
                        Optional.of(event.at()),
                        Optional.empty(),
                        Optional.empty()),
                fresh);
    }

    /// A step waits for a time.
    Steps timer(String step, Instant at) {
        Open open = openStep(step);
        return with(
                new Open(
                        step,
                        open.input(),
                        open.since(),
                        open.attempt(),
                        open.notBefore(),
                        Optional.of(at),
                        open.call()),
                fresh);
    }

    /// A named signal came, whether a step waits for it or not.
    Steps received(String name, Digest message) {
        List<Digest> all =
                Stream.concat(
                                signals.getOrDefault(name, List.of()).stream(),
                                Stream.of(message))
                        .toList();
        return withSignals(name, all);
    }

    /// A step takes the oldest signal of that name.
    Steps delivered(RunEvent.SignalDelivered event) {
        List<Digest> waiting = signals.getOrDefault(event.name(), List.of());
        openStep(event.step());
        if (waiting.isEmpty() || !waiting.getFirst().equals(event.message())) {
            throw new IllegalHistoryException(
                    "there is no signal '" + event.name() + "' like this to take");
        }
        return withSignals(event.name(), waiting.subList(1, waiting.size()));
    }

    private Steps withSignals(String name, List<Digest> waiting) {
        Map<String, List<Digest>> next = new HashMap<>(signals);
        if (waiting.isEmpty()) {
            next.remove(name);
        } else {
            next.put(name, List.copyOf(waiting));
        }
        return new Steps(open, done, fresh, failed, compensating, next, children, output);
    }

    /// Compensations that have failed: a person has to see to them, or they are tried again.
    public List<ToolCall> failedCompensations() {
        return open.values().stream()
                .filter(step -> StepNames.compensated(step.step()).isPresent())
                .flatMap(step -> step.call().stream())
                .filter(call -> call.status() instanceof ToolCall.Status.Refused)
                .toList();
    }

    /// The run was held and goes on: compensations that have failed are proposed anew.
    Steps released() {
        Steps next = this;
        for (ToolCall call : failedCompensations()) {
            next = next.with(openStep(call.callId()).with(Optional.empty()), fresh);
        }
        return next;
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
        Steps next = with(step.with(Optional.of(call)), List.of());
        return call.status() instanceof ToolCall.Status.Delegated ? next.plusChild() : next;
    }

    private Steps plusChild() {
        return new Steps(
                open, done, fresh, failed, compensating, signals, children + 1, output);
    }

    /// The call, further on.
    Steps with(ToolCall call) {
        Open step = openStep(call.callId());
        return with(step.with(Optional.of(call)), fresh);
    }

    private Steps with(Open step, List<String> stillFresh) {
        Map<String, Open> next = new LinkedHashMap<>(open);
        next.put(step.step(), step);
        return new Steps(
                next, done, stillFresh, failed, compensating, signals, children, output);
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
        boolean underWay = begun.flatMap(Open::call).filter(ToolCall::mayBeOut).isPresent();
        if (!legal || underWay || done.find(step).isPresent()) {
            throw new IllegalHistoryException(
                    "the step '" + step + "' cannot end as " + event.outcome() + " now");
        }
        Done end =
                new Done(
                        step,
                        done.size() + 1,
                        event.outcome(),
                        event.output(),
                        event.error(),
                        event.then());
        Map<String, Open> rest = new LinkedHashMap<>(open);
        rest.remove(step);
        boolean fatal = !end.lets();
        return new Steps(
                rest,
                done.plus(end),
                Stream.concat(fresh.stream(), Stream.of(step)).toList(),
                failed.or(() -> Optional.of(end).filter(_ -> fatal)),
                compensating
                        || (fatal && event.then().equals(Optional.of(StepFailure.COMPENSATE))),
                signals,
                children,
                output);
    }

    Steps verified(Digest verifiedOutput) {
        return new Steps(
                open,
                done,
                fresh,
                failed,
                compensating,
                signals,
                children,
                Optional.of(verifiedOutput));
    }

    private Open openStep(String id) {
        return Optional.ofNullable(open.get(id))
                .orElseThrow(
                        () -> new IllegalHistoryException("no step '" + id + "' is under way"));
    }
}
