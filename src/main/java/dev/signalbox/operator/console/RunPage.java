package dev.signalbox.operator.console;

import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.RunDetail;
import dev.signalbox.operator.view.Timeline;
import dev.signalbox.web.RunView;
import dev.signalbox.web.RunView.Spent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// One run: where it stands, what it did, what can be done about it.
///
/// @param sentence why it is where it is, and what would unblock it
/// @param legalHold who keeps the run's tree from being pruned, and why; empty if nobody does
/// @param origin the run that this one was branched from; empty if it is no branch
/// @param told what became of the command that was just given; empty if none was
/// @param problem why a command was just refused; empty if none was
public record RunPage(
        RunRow row,
        String sentence,
        When since,
        List<Track.Fact> facts,
        Shown input,
        Shown output,
        List<ApprovalCard> approvals,
        List<Deed> deeds,
        List<Track.Row> track,
        List<Timeline.Mark> checkpoints,
        long headSeq,
        boolean settled,
        String legalHold,
        String origin,
        String told,
        String problem) {

    public RunPage {
        facts = List.copyOf(facts);
        approvals = List.copyOf(approvals);
        deeds = List.copyOf(deeds);
        track = List.copyOf(track);
        checkpoints = List.copyOf(checkpoints);
    }

    /// Something that the caller may command now.
    ///
    /// @param action `hold`, `release`, `cancel`, `reconcile` or `budget`
    /// @param effectId what is to be reconciled; empty for other actions
    /// @param consequence what happens then
    /// @param grave whether it cannot be taken back
    /// @param bounds what may be raised; empty for other actions
    /// @param api the call that does the same
    public record Deed(
            String action,
            String title,
            String effectId,
            String consequence,
            boolean grave,
            List<Bound> bounds,
            String api) {
        public Deed {
            bounds = List.copyOf(bounds);
        }
    }

    /// Something that a run may use so much of.
    ///
    /// @param field how the form calls it
    /// @param label what there is and what is used of it
    /// @param example what could stand in the field
    /// @param needed whether the run is held for it
    public record Bound(String field, String label, String example, boolean needed) {}

    static RunPage of(RunDetail detail, Instant now, String baseUri, String told, String problem) {
        RunView run = detail.run();
        return new RunPage(
                RunRow.of(run, now),
                sentence(detail, now),
                Words.when(run.waitingOn().map(RunView.Wait::since).orElse(run.updatedAt()), now),
                facts(detail, now),
                Shown.of(run.input()),
                Shown.of(run.output()),
                detail.pendingApprovals().stream()
                        .map(approval -> ApprovalCard.of(approval, now))
                        .toList(),
                Deeds.of(detail, baseUri),
                Track.of(detail.steps(), run.createdAt()),
                detail.checkpoints(),
                run.headSeq(),
                run.status().terminal(),
                detail.legalHold().map(hold -> legalHold(hold, now)).orElse(""),
                run.branchedFrom().map(from -> from.runId().toString()).orElse(""),
                told(told),
                problem);
    }

    private static String legalHold(RunDetail.LegalHoldView hold, Instant now) {
        return "Under legal hold by "
                + hold.by()
                + " since "
                + Words.when(hold.since(), now).exact()
                + ": "
                + hold.reason();
    }

    private static String sentence(RunDetail detail, Instant now) {
        RunView run = detail.run();
        Optional<String> waiting = run.waitingOn().map(RunView.Wait::detail);
        String took = RunRow.took(run, now);
        return switch (run.status()) {
            case QUEUED, WAITING, HELD -> waiting.orElse("");
            case RUNNING -> "A worker is on it" + (took.isEmpty() ? "." : ", for " + took + " now.");
            case COMPLETED -> "Completed" + (took.isEmpty() ? "." : " after " + took + ".");
            case FAILED, CANCELLED ->
                    run.error().map(error -> error.code() + ": " + error.message()).orElse("");
        };
    }

    private static List<Track.Fact> facts(RunDetail detail, Instant now) {
        RunView run = detail.run();
        List<Track.Fact> facts = new ArrayList<>();
        facts.add(new Track.Fact("Asked for by", detail.requestedBy()));
        facts.add(
                new Track.Fact(
                        "Used",
                        Words.count(run.usage().modelCalls(), "model call", "model calls")
                                + ", "
                                + Words.count(run.usage().toolCalls(), "tool call", "tool calls")
                                + ", "
                                + Words.count(
                                        run.usage().inputTokens() + run.usage().outputTokens(),
                                        "token",
                                        "tokens")
                                + ", "
                                + cost(run.usage())));
        facts.add(new Track.Fact("Submitted", Words.when(run.createdAt(), now).exact()));
        run.finishedAt()
                .ifPresent(at -> facts.add(new Track.Fact("Ended", Words.when(at, now).exact())));
        detail.deadline()
                .filter(_ -> !run.status().terminal())
                .ifPresent(at -> facts.add(new Track.Fact("Deadline", Words.when(at, now).exact())));
        if (!run.labels().isEmpty()) {
            facts.add(new Track.Fact("Labels", RunRow.labels(run.labels())));
        }
        if (detail.children().runs() > 0) {
            facts.add(
                    new Track.Fact(
                            "Children",
                            detail.children().byStatus().entrySet().stream()
                                    .map(
                                            entry ->
                                                    entry.getValue()
                                                            + " "
                                                            + Words.lower(entry.getKey()))
                                    .collect(Collectors.joining(", "))));
        }
        run.parentRunId().ifPresent(id -> facts.add(new Track.Fact("Parent run", id.toString())));
        run.branchedFrom()
                .ifPresent(
                        from ->
                                facts.add(
                                        new Track.Fact(
                                                "Branched from", from.runId() + " at " + from.seq())));
        facts.add(new Track.Fact("Trace", run.traceId()));
        facts.add(new Track.Fact("Definition", run.definitionDigest().value()));
        return facts;
    }

    /// Only what we say ourselves: the address decides which sentence, not its words.
    private static String told(String key) {
        return switch (key) {
            case "hold" ->
                    "The hold is recorded. The worker stops the run before its next effect; this page says when.";
            case "release" -> "The release is recorded. The run goes on as soon as a worker is free.";
            case "cancel" -> "The cancellation is recorded. The run ends as soon as a worker reads it.";
            case "budget" ->
                    "The new budget is recorded. It counts for all runs above first; then the run goes on with its next call.";
            case "reconcile" -> "What you found out is recorded. The run goes on with it.";
            case "legal-hold" ->
                    "The legal hold is placed. The run's whole tree stays until an auditor releases it.";
            case "legal-release" ->
                    "The legal hold is released. The run's tree goes when its time comes.";
            case "approve" -> "Your approval is recorded. With enough approvals the call goes out as you saw it.";
            case "reject" -> "Your rejection is recorded. The model will be told; the call does not go out.";
            default -> "";
        };
    }

    public Track.Value inputFold() {
        return new Track.Value("Input", input);
    }

    public Track.Value outputFold() {
        return new Track.Value("Output", output);
    }

    private static String cost(Spent usage) {
        String known = Words.dollars(usage.costUsd());
        return usage.unpricedModelCalls() == 0
                ? known
                : known
                        + " and "
                        + Words.count(usage.unpricedModelCalls(), "answer", "answers")
                        + " of unknown price";
    }
}
