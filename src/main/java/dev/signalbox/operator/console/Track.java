package dev.signalbox.operator.console;

import dev.signalbox.domain.json.Json;
import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.Step;
import dev.signalbox.operator.view.Step.Attempt;
import dev.signalbox.operator.view.Step.ModelTurn;
import dev.signalbox.operator.view.Step.Moment;
import dev.signalbox.operator.view.Step.StepStatus;
import dev.signalbox.operator.view.Step.ToolStep;
import dev.signalbox.operator.view.Step.Verification;
import dev.signalbox.operator.view.Step.WorkflowStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A run drawn as a track: stations, sections of the model, signals of the policy.
final class Track {

    private Track() {}

    /// One thing on the track.
    ///
    /// @param kind `station`, `section`, `check` or `post`: how it is drawn
    /// @param tone what its colour says: `clear`, `proceeding`, `caution`, `danger`, `held`, `plain`
    /// @param mark name of its shape
    /// @param state the tone in words
    /// @param signal the policy's signal beside the line; empty shape if there is none
    public record Row(
            String anchor,
            long seq,
            String kind,
            String tone,
            String mark,
            String title,
            String state,
            String line,
            When at,
            String took,
            Signal signal,
            List<Fact> facts,
            List<Value> values) {
        public Row {
            facts = List.copyOf(facts);
            values = List.copyOf(values);
        }
    }

    /// What the policy said.
    public record Signal(String tone, String mark, String title, String reason, String link) {
        static final Signal NONE = new Signal("", "", "", "", "");
    }

    /// One thing about a step.
    public record Fact(String name, String value) {}

    /// A value of a step, folded.
    public record Value(String name, Shown value) {}

    static List<Row> of(List<Step> steps, Instant start) {
        return steps.stream().map(step -> row(step, start)).toList();
    }

    private static Row row(Step step, Instant start) {
        return switch (step) {
            case ModelTurn turn -> model(turn, start);
            case ToolStep call -> ToolTrack.row(call, start);
            case WorkflowStep part -> part(part, start);
            case Verification check -> verification(check, start);
            case Moment moment -> moment(moment, start);
        };
    }

    private static Row model(ModelTurn turn, Instant start) {
        Look look =
                switch (turn.status()) {
                    case RUNNING -> new Look("proceeding", "running", "answering");
                    case RETRY_DUE -> new Look("caution", "waiting", "retry due");
                    case COMPLETED -> new Look("clear", "section", "answered");
                    case FAILED -> new Look("danger", "failed", "failed");
                };
        List<Fact> facts = new ArrayList<>();
        facts.add(
                new Fact(
                        "Model",
                        turn.provider()
                                + " / "
                                + turn.model()
                                + (turn.offline() ? " (offline, scripted)" : "")));
        turn.usage()
                .ifPresent(
                        usage ->
                                facts.add(
                                        new Fact(
                                                "Tokens",
                                                usage.inputTokens()
                                                        + " in, "
                                                        + usage.outputTokens()
                                                        + " out, "
                                                        + turn.costUsd()
                                                                .map(Words::dollars)
                                                                .orElse("price unknown"))));
        turn.finishReason().ifPresent(reason -> facts.add(new Fact("Ended by", reason)));
        facts.addAll(attempts(turn.attempts(), "answered"));
        facts.add(new Fact("Effect id", turn.effectId().value()));
        List<Value> values = new ArrayList<>();
        turn.text().ifPresent(text -> values.add(new Value("What it said", Shown.of(text))));
        String proposed =
                turn.proposals().stream()
                        .map(Step.Proposal::tool)
                        .collect(Collectors.joining(", "));
        String line =
                proposed.isEmpty()
                        ? turn.text().map(text -> Shown.of(text).line()).orElse("")
                        : "proposes " + proposed;
        return look.row(
                turn, "section", "Model turn " + turn.number(), line, took(turn.duration()), facts,
                values, Signal.NONE, start);
    }

    static List<Fact> attempts(List<Attempt> attempts, String success) {
        if (attempts.size() == 1 && attempts.getFirst().problem().isEmpty()) {
            return List.of();
        }
        return attempts.stream()
                .map(
                        attempt ->
                                new Fact(
                                        "Attempt " + attempt.number(),
                                        (attempt.outcome().equals("succeeded")
                                                        ? success
                                                        : attempt.outcome())
                                                + attempt.finishedAt()
                                                        .map(end -> " after " + Words.took(Duration.between(attempt.startedAt(), end)))
                                                        .orElse("")
                                                + attempt.problem()
                                                        .map(problem -> ": " + problem.message())
                                                        .orElse("")))
                .toList();
    }

    /// A step of a workflow that made no call.
    private static Row part(WorkflowStep part, Instant start) {
        Look look =
                switch (part.status()) {
                    case RUNNING -> new Look("proceeding", "running", "begun");
                    case COMPLETED -> new Look("clear", "completed", "done");
                    case SKIPPED -> new Look("plain", "cancelled", "skipped");
                    case FAILED -> new Look("danger", "failed", "failed");
                };
        String line =
                part.problem()
                        .map(problem -> problem.code() + ": " + problem.message())
                        .orElse(
                                part.status() == StepStatus.SKIPPED
                                        ? "its condition did not hold"
                                        : part.note().orElse(""));
        return look.row(
                part,
                "station",
                Words.step(part.step()),
                line,
                took(part.duration()),
                List.of(),
                List.of(),
                Signal.NONE,
                start);
    }

    private static Row verification(Verification check, Instant start) {
        Look look =
                check.passed()
                        ? new Look("clear", "check", "holds")
                        : new Look("danger", "failed", check.consequence().map(then -> then.equals("revise") ? "sent back to the model" : "fails the run").orElse("does not hold"));
        return look.row(
                check,
                "check",
                "Verification" + (check.round() > 1 ? ", round " + check.round() : ""),
                check.findings().map(findings -> line(findings)).orElse(""),
                "",
                List.of(),
                check.findings()
                        .map(findings -> List.of(new Value("Findings", Shown.of(findings))))
                        .orElse(List.of()),
                Signal.NONE,
                start);
    }

    private static String line(Json findings) {
        return findings instanceof Json.JsonArray(List<Json> items)
                ? items.stream().map(item -> Shown.of(item).line()).collect(Collectors.joining("; "))
                : Shown.of(findings).line();
    }

    private static Row moment(Moment moment, Instant start) {
        String by = moment.by().orElse("");
        Look look =
                switch (moment.what()) {
                    case "run_submitted" -> new Look("plain", "queued", "by " + by);
                    case "run_started" -> new Look("plain", "post", "");
                    case "run_held" -> new Look("held", "held", by.isEmpty() ? "" : "by " + by);
                    case "run_released" -> new Look("proceeding", "running", "by " + by);
                    case "budget_raised" -> new Look("proceeding", "post", "by " + by);
                    case "run_completed" -> new Look("clear", "completed", "");
                    case "run_failed" -> new Look("danger", "failed", "");
                    case "run_cancelled" -> new Look("plain", "cancelled", "by " + by);
                    default -> new Look("caution", "post", by.isEmpty() ? "" : "by " + by);
                };
        String title =
                switch (moment.what()) {
                    case "run_submitted" -> "Submitted";
                    case "run_started" -> "Taken by worker " + by;
                    case "run_held" -> "Held";
                    case "run_released" -> "Released";
                    case "budget_raised" -> "Budget raised";
                    case "run_completed" -> "Completed";
                    case "run_failed" -> "Failed";
                    case "run_cancelled" -> "Cancelled";
                    default -> "Signal: " + moment.what().replaceFirst("^signal_", "");
                };
        boolean end = List.of("run_submitted", "run_completed", "run_failed", "run_cancelled", "run_held").contains(moment.what());
        return look.row(
                moment,
                end ? "station" : "post",
                title,
                moment.detail().orElse(""),
                "",
                List.of(),
                List.of(),
                Signal.NONE,
                start);
    }

    static String took(Optional<Duration> duration) {
        return duration.map(Words::took).orElse("");
    }

    /// Colour, shape and word of a state.
    record Look(String tone, String mark, String state) {

        Row row(
                Step step,
                String kind,
                String title,
                String line,
                String took,
                List<Fact> facts,
                List<Value> values,
                Signal signal,
                Instant start) {
            return new Row(
                    "step-" + step.seq(),
                    step.seq(),
                    kind,
                    tone,
                    mark,
                    title,
                    state,
                    line,
                    Words.after(start, step.startedAt()),
                    took,
                    signal,
                    facts,
                    values);
        }
    }
}
