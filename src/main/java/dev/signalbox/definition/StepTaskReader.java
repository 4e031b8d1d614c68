package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.workflow.StepExpression;
import dev.signalbox.domain.workflow.StepTerms;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads what a step does.
final class StepTaskReader {

    /// The fields that say what a step does; a step has one of them.
    static final List<String> KINDS =
            List.of("tool", "agent", "workflow", "wait", "approval", "verify");

    static final String[] WAIT = {"duration", "until", "signal"};
    static final String[] APPROVAL =
            Stream.concat(Arrays.stream(PolicyReader.TERMS), Stream.of("message"))
                    .toArray(String[]::new);

    private static final Duration MIN_WAIT = Duration.ofSeconds(1);
    private static final Duration MAX_WAIT = Duration.ofDays(366);

    /// Stands where a task is that could not be read.
    private static final Task BROKEN = new Task.CallTool("", Optional.empty());

    private final Checks checks;
    private final StepsReader steps;

    StepTaskReader(Checks checks, StepsReader steps) {
        this.checks = checks;
        this.steps = steps;
    }

    Task read(Fields step) {
        List<String> kinds = KINDS.stream().filter(step::has).toList();
        if (kinds.size() != 1) {
            String which = kinds.isEmpty() ? "none" : String.join(" and ", kinds);
            checks.problems()
                    .add(
                            step.place(),
                            step.path()
                                    + ": expected one of "
                                    + String.join(", ", KINDS)
                                    + ", found "
                                    + which);
            return BROKEN;
        }
        return switch (kinds.getFirst()) {
            case "agent" -> child(step, DefinitionRef.Kind.AGENT, "agent");
            case "workflow" -> child(step, DefinitionRef.Kind.WORKFLOW, "workflow");
            case "wait" -> step.object("wait", WAIT).flatMap(this::waiting).orElse(BROKEN);
            case "approval" ->
                    step.object("approval", APPROVAL)
                            .flatMap(fields -> decision(step, fields))
                            .orElse(BROKEN);
            case "verify" ->
                    steps.expression(step, "verify", Result.CONDITION)
                            .<Task>map(Task.Check::new)
                            .orElse(BROKEN);
            default -> new Task.CallTool(checks.name(step, "tool"), input(step));
        };
    }

    /// What makes no sense with what the step does.
    static void checkTerms(Fields step, Task task, StepTerms terms) {
        boolean calls = task instanceof Task.CallTool || task instanceof Task.RunChild;
        if (step.has("version") && !(task instanceof Task.RunChild)) {
            step.problem("version", "this step runs no other definition");
        }
        boolean has = calls || task instanceof Task.Decide;
        if (step.has("input") && !has) {
            step.problem("input", "this step takes no input");
        }
        if (terms.retry().isPresent() && !calls) {
            step.problem("retry", "this step makes no call that could be tried again");
        }
        if (terms.compensate().isPresent() && !calls) {
            step.problem("compensate", "this step does nothing that could be undone");
        }
        if (terms.timeout().isPresent() && task instanceof Task.Check) {
            step.problem("timeout", "this step takes no time");
        }
    }

    private Task child(Fields step, DefinitionRef.Kind kind, String field) {
        return new Task.RunChild(
                kind,
                checks.name(step, field),
                step.has("version") ? Optional.of(checks.version(step)) : Optional.empty(),
                input(step));
    }

    private Optional<StepExpression> input(Fields step) {
        return steps.expression(step, "input", Result.OBJECT);
    }

    private Optional<Task> decision(Fields step, Fields fields) {
        Optional<String> message = fields.text("message");
        Optional<StepExpression> input = input(step);
        return new PolicyReader(checks)
                .terms(fields)
                .map(terms -> new Task.Decide(terms, message, input));
    }

    private Optional<Task> waiting(Fields fields) {
        List<String> kinds = Arrays.stream(WAIT).filter(fields::has).toList();
        if (kinds.size() != 1) {
            checks.problems()
                    .add(
                            fields.place(),
                            fields.path() + ": expected one of " + String.join(", ", WAIT));
            return Optional.empty();
        }
        return switch (kinds.getFirst()) {
            case "duration" ->
                    fields.duration("duration", MIN_WAIT, MAX_WAIT).map(Task.WaitFor::new);
            case "signal" ->
                    Optional.of(checks.name(fields, "signal"))
                            .filter(name -> !name.isEmpty())
                            .map(Task.WaitForSignal::new);
            default -> until(fields);
        };
    }

    /// A time as such, or an expression that gives one.
    private Optional<Task> until(Fields fields) {
        Optional<Instant> time = fields.text("until").flatMap(StepTaskReader::time);
        return time.isPresent()
                ? time.map(Task.WaitUntil::new)
                : steps.expression(fields, "until", Result.TIME).map(Task.WaitUntilTime::new);
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }
}
