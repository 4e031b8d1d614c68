package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.workflow.StepExpression;
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

    static final String[] FIELDS = {"id", "needs", "when", "tool", "input"};

    static final Set<String> VARIABLES = Set.of("input", "steps");

    private static final String STEPS = "steps";
    private static final String EXPECTED = "a list of steps {id, needs, when, tool, input}";

    private final Checks checks;

    StepsReader(Checks checks) {
        this.checks = checks;
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
                    checkReads(step, "input", input(step.step()), needs);
                });
        return placed.stream().map(Placed::step).toList();
    }

    /// The tools that the steps call, by where they stand.
    static List<ToolUse> toolUses(Fields workflow) {
        List<ToolUse> uses = new ArrayList<>();
        List<Node> items = workflow.items(STEPS, EXPECTED);
        for (int index = 0; index < items.size(); index++) {
            if (items.get(index) instanceof Node.Members step
                    && step.members().get("tool") instanceof Node.Member(var _, Node value)
                    && value instanceof Node.Leaf(JsonText(String tool), Place place)) {
                uses.add(
                        new ToolUse(tool, place, workflow.path(STEPS) + "[" + index + "].tool"));
            }
        }
        return uses;
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
        String tool = checks.name(fields, "tool");
        return new WorkflowStep(
                checks.name(fields, "id"),
                List.copyOf(fields.texts("needs", "step id").keySet()),
                expression(fields, "when", Result.CONDITION),
                new Task.CallTool(tool, expression(fields, "input", Result.OBJECT)));
    }

    private Optional<StepExpression> expression(Fields fields, String field, Result result) {
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

    private void checkReads(
            Placed step, String field, Optional<StepExpression> expression, StepNeeds needs) {
        if (expression.isEmpty()) {
            return;
        }
        for (String read : expression.get().reads()) {
            if (!needs.knows(read)) {
                unknown(step.fields(), field, read, needs.ids());
            } else if (!needs.before(step.step().id(), read)) {
                step.fields()
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

    private static Optional<StepExpression> input(WorkflowStep step) {
        return switch (step.task()) {
            case Task.CallTool(var _, Optional<StepExpression> input) -> input;
        };
    }
}
