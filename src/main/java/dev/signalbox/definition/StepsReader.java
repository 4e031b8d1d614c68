package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunEvent.StepFailure;
import dev.signalbox.domain.workflow.StepExpression;
import dev.signalbox.domain.workflow.StepTerms;
import dev.signalbox.domain.workflow.WorkflowStep;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the steps of a workflow.
///
/// Guarantee: what was read is a graph without a cycle; every step that is needed exists, and an
/// expression speaks only of steps that are done when it is evaluated.
final class StepsReader {

    static final String[] FIELDS = {
        "id", "needs", "when", "tool", "agent", "workflow", "version", "wait", "approval", "verify",
        "input", "retry", "timeout", "onFailure", "compensate"
    };

    static final Set<String> VARIABLES = Set.of("input", "steps");

    private static final String STEPS = "steps";
    private static final String EXPECTED = "a list of steps {id, tool, …}";

    private final Checks checks;
    private final StepTermsReader terms;
    private final StepTaskReader tasks;

    StepsReader(Checks checks) {
        this.checks = checks;
        this.terms = new StepTermsReader(checks, this);
        this.tasks = new StepTaskReader(checks, this);
    }

    /// A step with the place where it stands.
    private record Placed(Fields fields, WorkflowStep step) {}

    List<WorkflowStep> read(Fields workflow) {
        List<Placed> placed = new ArrayList<>();
        workflow.required(STEPS, EXPECTED);
        List<Node> items =
                workflow.items(STEPS, EXPECTED);
        for (int index = 0; index < items.size(); index++) {
            String here = workflow.path(STEPS) + "[" + index + "]";
            Fields.of(here, items.get(index), checks.problems(), FIELDS)
                    .ifPresent(fields -> placed.add(new Placed(fields, step(fields))));
        }
        if (workflow.isEmptyList(STEPS)) {
            workflow.problem(STEPS, "expected at least one step");
        }
        Map<String, Placed> byId = byId(placed);
        StepNeeds needs = new StepNeeds(checks.problems());
        placed.forEach(step -> needs.add(step.fields(), step.step(), byId.keySet()));
        needs.checkCycles();
        placed.forEach(
                step -> {
                    checkReads(step, "when", step.step().when(), needs);
                    checkTaskReads(step, needs);
                    checkUndoReads(step, needs);
                });
        checkCompensations(placed);
        return placed.stream().map(Placed::step).toList();
    }

    /// The tools that the steps call, by where they stand.
    static List<ToolUse> toolUses(Fields workflow) {
        List<ToolUse> uses = new ArrayList<>();
        List<Node> items = workflow.items(STEPS, EXPECTED);
        for (int index = 0; index < items.size(); index++) {
            if (items.get(index) instanceof Node.Members step) {
                String here = workflow.path(STEPS) + "[" + index + "]";
                toolUse(step, here).ifPresent(uses::add);
                if (step.members().get("compensate") instanceof Node.Member(var _, Node undo)
                        && undo instanceof Node.Members call) {
                    toolUse(call, here + ".compensate").ifPresent(uses::add);
                }
            }
        }
        return uses;
    }

    /// What the steps run, by where it stands.
    static List<ChildUse> childUses(Fields workflow) {
        List<ChildUse> uses = new ArrayList<>();
        List<Node> items = workflow.items(STEPS, EXPECTED);
        for (int index = 0; index < items.size(); index++) {
            if (items.get(index) instanceof Node.Members step) {
                for (DefinitionRef.Kind kind : DefinitionRef.Kind.values()) {
                    String field = Found.word(kind);
                    String here = workflow.path(STEPS) + "[" + index + "]." + field;
                    if (step.members().get(field) instanceof Node.Member(var _, Node value)) {
                        text(step, field)
                                .map(
                                        name ->
                                                new ChildUse(
                                                        kind,
                                                        name,
                                                        text(step, "version"),
                                                        value.place(),
                                                        here))
                                .ifPresent(uses::add);
                    }
                }
            }
        }
        return uses;
    }

    private static Optional<String> text(Node.Members step, String field) {
        return step.members().get(field) instanceof Node.Member(var _, Node value)
                        && value instanceof Node.Leaf(JsonText(String text), Place _)
                ? Optional.of(text)
                : Optional.empty();
    }

    private static Optional<ToolUse> toolUse(Node.Members call, String here) {
        return call.members().get("tool") instanceof Node.Member(var _, Node value)
                        && value instanceof Node.Leaf(JsonText(String tool), Place place)
                ? Optional.of(new ToolUse(tool, place, here + ".tool"))
                : Optional.empty();
    }

    /// What gives the workflow's output; it may speak of every step.
    Optional<StepExpression> output(Fields workflow, List<WorkflowStep> steps) {
        Optional<StepExpression> output = expression(workflow, "output", Result.ANY);
        List<String> ids = steps.stream().map(WorkflowStep::id).toList();
        output.ifPresent(
                expression ->
                        expression.reads().stream()
                                .filter(id -> !ids.contains(id))
                                .forEach(id -> unknown(workflow, "output", id, ids)));
        return output;
    }

    private WorkflowStep step(Fields fields) {
        Task task = tasks.read(fields);
        StepTerms read = terms.read(fields);
        StepTaskReader.checkTerms(fields, task, read);
        return new WorkflowStep(
                checks.name(fields, "id"),
                List.copyOf(fields.texts("needs", "step id").keySet()),
                expression(fields, "when", Result.CONDITION),
                task,
                read);
    }

    Optional<StepExpression> expression(Fields fields, String field, Result result) {
        return checks.optionalExpression(fields, field, VARIABLES, result)
                .map(
                        expression -> {
                            CelMembers.Use use = checks.members(expression, STEPS);
                            if (use.otherwise()) {
                                fields.problem(
                                        field,
                                        "speaks of 'steps' as a whole; expected steps.ID or"
                                                + " steps['ID'] of one step");
                            }
                            return new StepExpression(expression, use.members());
                        });
    }

    private Map<String, Placed> byId(List<Placed> placed) {
        Map<String, Placed> byId = new LinkedHashMap<>();
        for (Placed step : placed) {
            String id = step.step().id();
            Placed earlier = id.isEmpty() ? null : byId.putIfAbsent(id, step);
            if (earlier != null) {
                step.fields()
                        .problem(
                                "id",
                                "step '"
                                        + id
                                        + "' is defined twice; first at "
                                        + earlier.fields().place("id"));
            }
        }
        return byId;
    }

    private void checkTaskReads(Placed step, StepNeeds needs) {
        switch (step.step().task()) {
            case Task.CallTool(var _, Optional<StepExpression> input) ->
                    checkReads(step, "input", input, needs);
            case Task.RunChild(var _, var _, var _, Optional<StepExpression> input) ->
                    checkReads(step, "input", input, needs);
            case Task.Decide(var _, var _, Optional<StepExpression> input) ->
                    checkReads(step, "input", input, needs);
            case Task.Check(StepExpression condition) ->
                    checkReads(step, "verify", Optional.of(condition), needs);
            case Task.WaitUntilTime(StepExpression time) ->
                    step.fields()
                            .object("wait", StepTaskReader.WAIT)
                            .ifPresent(
                                    wait ->
                                            checkReads(
                                                    wait,
                                                    step.step().id(),
                                                    "until",
                                                    Optional.of(time),
                                                    needs));
            case Task.WaitFor _, Task.WaitUntil _, Task.WaitForSignal _ -> {}
        }
    }

    /// A compensation may also speak of its own step.
    private void checkUndoReads(Placed step, StepNeeds needs) {
        step.step()
                .terms()
                .compensate()
                .flatMap(Task.CallTool::input)
                .ifPresent(
                        input ->
                                step.fields()
                                        .object("compensate", "tool", "input")
                                        .ifPresent(
                                                undo ->
                                                        checkReads(
                                                                undo,
                                                                step.step().id(),
                                                                "input",
                                                                others(input, step),
                                                                needs)));
    }

    private static Optional<StepExpression> others(StepExpression input, Placed step) {
        return Optional.of(
                new StepExpression(
                        input.expression(),
                        input.reads().stream()
                                .filter(id -> !id.equals(step.step().id()))
                                .toList()));
    }

    /// To undo and to say how are two things; one without the other is a mistake.
    private static void checkCompensations(List<Placed> steps) {
        List<Placed> wanting =
                steps.stream()
                        .filter(
                                step ->
                                        step.step().terms().onFailure() == StepFailure.COMPENSATE)
                        .toList();
        List<Placed> undone =
                steps.stream()
                        .filter(step -> step.step().terms().compensate().isPresent())
                        .toList();
        if (undone.isEmpty()) {
            wanting.forEach(
                    step ->
                            step.fields()
                                    .problem(
                                            "onFailure",
                                            "no step says with 'compensate' how it is undone"));
        } else if (wanting.isEmpty()) {
            undone.forEach(
                    step ->
                            step.fields()
                                    .problem(
                                            "compensate",
                                            "is never used; expected a step with 'onFailure:"
                                                    + " compensate'"));
        }
    }

    private void checkReads(
            Placed step, String field, Optional<StepExpression> expression, StepNeeds needs) {
        checkReads(step.fields(), step.step().id(), field, expression, needs);
    }

    private static void checkReads(
            Fields fields,
            String step,
            String field,
            Optional<StepExpression> expression,
            StepNeeds needs) {
        if (expression.isEmpty()) {
            return;
        }
        for (String read : expression.get().reads()) {
            if (!needs.knows(read)) {
                unknown(fields, field, read, needs.ids());
            } else if (!needs.before(step, read)) {
                fields
                        .problem(
                                field,
                                "speaks of step '"
                                        + read
                                        + "', which may not be done by then; expected it in"
                                        + " 'needs', directly or through others");
            }
        }
    }

    private static void unknown(Fields fields, String field, String id, Iterable<String> known) {
        List<String> ids = new ArrayList<>();
        known.forEach(ids::add);
        fields.problem(
                field,
                "there is no step '" + Found.shortened(id) + "'" + NearMiss.hint(id, ids));
    }
}
