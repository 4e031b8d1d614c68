package dev.signalbox.definition;

import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.workflow.WorkflowDefinition;
import dev.signalbox.domain.workflow.WorkflowStep;
import java.util.List;
import java.util.Optional;

/// Reads documents of kind `workflow`.
final class WorkflowReader {

    static final String[] FIELDS = {
        "kind",
        "name",
        "version",
        "steps",
        "policy",
        "limits",
        "input",
        "output",
        "verify",
        RetentionReader.FIELD
    };

    /// What holds when the document says nothing: no workflow asks a model.
    private static final Limits LIMITS =
            new Limits(0, 10_000, Optional.empty(), Optional.empty(), Optional.empty());

    private final Checks checks;
    private final StepsReader steps;

    WorkflowReader(Checks checks) {
        this.checks = checks;
        this.steps = new StepsReader(checks);
    }

    WorkflowDefinition read(Fields fields) {
        List<WorkflowStep> read = steps.read(fields);
        return new WorkflowDefinition(
                checks.name(fields, "name"),
                checks.version(fields),
                read,
                checks.name(fields, "policy"),
                fields.object("limits", "toolCalls", "wallClock", "children")
                        .map(WorkflowReader::limits)
                        .orElse(LIMITS),
                checks.wrappedSchema(fields, "input"),
                steps.output(fields, read),
                new VerifyReader(checks).read(fields, "cel", "schema"),
                RetentionReader.read(fields));
    }

    private static Limits limits(Fields fields) {
        return new Limits(
                LIMITS.modelCalls(),
                fields.whole("toolCalls", 0, 100_000)
                        .map(Long::intValue)
                        .orElse(LIMITS.toolCalls()),
                Optional.empty(),
                Optional.empty(),
                fields.duration("wallClock", Checks.MIN_WALL_CLOCK, Checks.MAX_WALL_CLOCK),
                fields.whole("children", 0, 100_000).map(Long::intValue).orElse(LIMITS.children()));
    }
}
