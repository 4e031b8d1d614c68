package dev.signalbox.support;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Definitions;
import dev.signalbox.definition.Schemas;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import java.util.List;

/// Workflows for tests, given by their steps. Their tools take anything: `look` reads; `key`, `undo`
/// and `signed` (by the role `lead`, within PT4H) write and are safe to repeat; `once` writes and is
/// not; `forbidden` is denied.
public final class Workflows {

    private static final String GROUND =
            """
            kind: policy
            name: support
            allow: [look, key, undo, once]
            rules:
              - id: signed
                when: "tool.name == 'signed'"
                then: require_approval
                approval: {approvers: ["role:lead"], expiresIn: PT4H}
            """;

    private static final String TOOL =
            """
            ---
            kind: tool
            name: %s
            description: A tool.
            input: {type: object}
            sideEffect: %s
            http: {method: POST, url: "http://localhost/x"}
            """;

    private Workflows() {}

    /// The workflow `w`.
    ///
    /// @param steps items of its list of steps
    public static PinnedWorkflow of(String steps) {
        return of(steps, "");
    }

    /// @param more documents, or fields of the workflow before them
    public static PinnedWorkflow of(String steps, String more) {
        return all(steps, more).latestWorkflow("w").orElseThrow();
    }

    public static Definitions all(String steps, String more) {
        String text =
                GROUND
                        + TOOL.formatted("look", "read")
                        + TOOL.formatted("key", "external_write\nidempotency: key")
                        + TOOL.formatted("undo", "external_write\nidempotency: key")
                        + TOOL.formatted("signed", "external_write\nidempotency: key")
                        + TOOL.formatted("once", "external_write\nidempotency: none")
                        + TOOL.formatted("forbidden", "read")
                        + "---\nkind: workflow\nname: w\nversion: 1.0.0\npolicy: support\nsteps:\n"
                        + steps.strip().indent(2)
                        + more;
        return new DefinitionReader(new CelExpressions(), new Schemas())
                .read(List.of(new Source("test.yaml", text)));
    }
}
