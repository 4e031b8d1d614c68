package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.Conversation.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// How far a run has come: everything that the planner needs to know, whatever the state.
///
/// @param startedAt when a worker first took it
/// @param waited how long it has been parked or held, all in all
/// @param conversation what was said before the current turn
/// @param turn the model's current turn; of an agent's run
/// @param steps how far the steps have come; of a workflow's run
/// @param steering what people said that the model has not seen yet
/// @param sentByTool how many calls of each tool went out
/// @param proposals how many tool calls were proposed so far
/// @param revisions how often an answer was sent back
/// @param ledger its accounts with its parent and its children
/// @param paused who paused it, if it is paused
/// @param lastCheckpoint label and position of the newest checkpoint
public record Progress(
        RunIdentity identity,
        Optional<Instant> startedAt,
        Duration waited,
        Conversation conversation,
        Optional<Turn> turn,
        Steps steps,
        List<Digest> steering,
        Usage usage,
        Map<String, Integer> sentByTool,
        int proposals,
        int revisions,
        Ledger ledger,
        Optional<String> paused,
        Optional<Checkpoint> lastCheckpoint) {

    /// A labelled safe point of a journal.
    public record Checkpoint(String label, long seq) {}

    public Progress {
        steering = List.copyOf(steering);
        sentByTool = Map.copyOf(sentByTool);
    }

    static Progress submitted(RunIdentity identity, Optional<Budget> budget) {
        return new Progress(
                identity,
                Optional.empty(),
                Duration.ZERO,
                Conversation.EMPTY,
                Optional.empty(),
                Steps.NONE,
                List.of(),
                Usage.NONE,
                Map.of(),
                0,
                0,
                budget.map(Ledger.EMPTY::granted).orElse(Ledger.EMPTY),
                Optional.empty(),
                Optional.empty());
    }

    /// The calls under way, in the order of their proposal.
    public Collection<ToolCall> calls() {
        return switch (identity.definition().kind()) {
            case AGENT -> turn.map(current -> current.calls().values()).orElse(List.of());
            case WORKFLOW -> steps.calls();
        };
    }

    /// Whether a call waits for people.
    public boolean awaitsApproval() {
        return calls().stream()
                .anyMatch(call -> call.status() instanceof ToolCall.Status.AwaitingApproval);
    }

    /// How long it has been at work, if it is now.
    public Duration worked(Instant now) {
        return startedAt
                .map(start -> Duration.between(start, now).minus(waited))
                .orElse(Duration.ZERO);
    }

    Progress mayHave(Optional<Long> runs) {
        return runs.map(most -> onLedger(ledger.granted(Budget.runs(most)))).orElse(this);
    }

    Progress reserved(RunEvent.ChildStarted event, Instant at) {
        return onLedger(
                ledger.reserve(
                        event.childId(),
                        new Ledger.Reservation(
                                event.effectId(), event.budget().orElse(Budget.NONE)),
                        at));
    }

    Progress settled(RunEvent.ChildSettled event, Instant at) {
        return onLedger(
                ledger.settle(
                        event.childId(),
                        event.charged().orElseGet(() -> Budget.of(event.usage(), Duration.ZERO)),
                        at));
    }

    Progress raised(RunEvent.BudgetRaised event) {
        return onLedger(ledger.raise(event));
    }

    private Progress onLedger(Ledger next) {
        return edit().ledger(next).done();
    }

    Progress started(Instant at) {
        return startedAt.isPresent() ? this : edit().startedAt(Optional.of(at)).done();
    }

    /// It has rested for that long besides.
    public Progress waited(Duration more) {
        return edit().waited(waited.plus(more)).done();
    }

    Progress pausedBy(Optional<String> who) {
        return edit().paused(who).done();
    }

    Progress steered(Digest message) {
        return edit().steering(Stream.concat(steering.stream(), Stream.of(message)).toList())
                .done();
    }

    Progress checkpoint(String label, long seq) {
        return edit().lastCheckpoint(Optional.of(new Checkpoint(label, seq))).done();
    }

    Progress used(Usage next) {
        return edit().usage(next).done();
    }

    /// A call of the tool goes out for the first time.
    Progress sent(String tool) {
        Map<String, Integer> next = new HashMap<>(sentByTool);
        next.merge(tool, 1, Integer::sum);
        return edit().usage(usage.plusToolCall()).sentByTool(next).done();
    }

    Progress onTurn(Turn next) {
        return edit().turn(Optional.of(next)).done();
    }

    /// A new model call: the turn before it, and what people said since, become history.
    Progress nextTurn(Turn next) {
        Conversation history = conversation;
        if (turn.isPresent()) {
            history = history.plus(new Entry.ModelTurn(turn.get()));
        }
        for (Digest message : steering) {
            history = history.plus(new Entry.Steering(message));
        }
        return edit().conversation(history).steering(List.of()).turn(Optional.of(next)).done();
    }

    /// It was held and goes on.
    Progress released() {
        return steps.failedCompensations().isEmpty() ? this : onSteps(steps.released());
    }

    Progress onSteps(Steps next) {
        return edit().steps(next).done();
    }

    /// The call, further on.
    Progress with(ToolCall call) {
        return switch (identity.definition().kind()) {
            case AGENT -> onTurn(currentTurn().with(call));
            case WORKFLOW -> onSteps(steps.with(call));
        };
    }

    Progress verified(Digest output) {
        return switch (identity.definition().kind()) {
            case AGENT -> onTurn(currentTurn().verified(output));
            case WORKFLOW -> onSteps(steps.verified(output));
        };
    }

    /// The answer goes back: the turn becomes history, followed by what was found. A workflow has
    /// nobody to send it back to.
    Progress revised(Digest findings) {
        if (identity.definition().kind() == DefinitionRef.Kind.WORKFLOW) {
            return this;
        }
        Conversation history = conversation;
        if (turn.isPresent()) {
            history = history.plus(new Entry.ModelTurn(turn.get()));
        }
        return edit().conversation(history.plus(new Entry.Feedback(findings)))
                .turn(Optional.empty())
                .revisions(revisions + 1)
                .done();
    }

    Progress proposed(ToolCall call) {
        Progress next =
                switch (identity.definition().kind()) {
                    case AGENT -> with(call);
                    case WORKFLOW -> onSteps(steps.propose(call));
                };
        return next.edit().proposals(proposals + 1).done();
    }

    /// Calls of the current turn whose outcome nobody knows.
    public List<ToolCall> unknownOutcomes() {
        return calls().stream()
                .filter(call -> call.status() instanceof ToolCall.Status.OutcomeUnknown)
                .toList();
    }

    /// Calls of which a person can say what became of them: those whose outcome nobody knows, and
    /// compensations that have failed and may have been seen to by hand.
    public List<ToolCall> reconcilable() {
        return Stream.concat(unknownOutcomes().stream(), steps.failedCompensations().stream())
                .toList();
    }

    /// The call of that effect, if it is under way.
    public Optional<ToolCall> call(EffectId effectId) {
        return switch (identity.definition().kind()) {
            case AGENT -> turn.map(Turn::calls).map(calls -> calls.get(effectId));
            case WORKFLOW ->
                    steps.calls().stream()
                            .filter(call -> call.effectId().equals(effectId))
                            .findFirst();
        };
    }

    Turn currentTurn() {
        return turn.orElseThrow(() -> new IllegalHistoryException("no model turn is under way"));
    }

    ToolCall currentCall(EffectId effectId) {
        return call(effectId)
                .orElseThrow(
                        () -> new IllegalHistoryException("no call " + effectId + " is under way"));
    }

    private ProgressEdit edit() {
        return new ProgressEdit(this);
    }
}
