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

    /// What holds when the document says nothing: what asks models has its own limits.
    private static final Limits LIMITS =
            new Limits(
                    Optional.empty(),
                    10_000,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Limits.CHILDREN);

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
                fields.object("limits", LimitsReader.OF_WORKFLOWS)
                        .map(new LimitsReader(LIMITS)::read)
                        .orElse(LIMITS),
                checks.wrappedSchema(fields, "input"),
                steps.output(fields, read),
                new VerifyReader(checks).read(fields, "cel", "schema"),
                RetentionReader.read(fields));
    }
}
