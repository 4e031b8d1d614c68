package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.VersionOrder;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.JobDefinition.Target;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef.Kind;
import dev.signalbox.domain.workflow.WorkflowDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Looks up what the jobs of a load run, and holds their inputs against its schemas.
final class JobTargets {

    /// What a job can run.
    private record Known(Kind kind, String name, String version, Optional<JsonObject> input) {}

    private static final Comparator<Known> BY_VERSION =
            Comparator.comparing(Known::version, VersionOrder.INSTANCE);

    private final Checks checks;
    private final List<Known> known;

    JobTargets(Checks checks, List<AgentDefinition> agents, List<WorkflowDefinition> workflows) {
        this.checks = checks;
        this.known =
                Stream.concat(
                                agents.stream()
                                        .map(
                                                agent ->
                                                        new Known(
                                                                Kind.AGENT,
                                                                agent.name(),
                                                                agent.version(),
                                                                agent.input())),
                                workflows.stream()
                                        .map(
                                                workflow ->
                                                        new Known(
                                                                Kind.WORKFLOW,
                                                                workflow.name(),
                                                                workflow.version(),
                                                                workflow.input())))
                        .toList();
    }

    void check(Map<Fields, JobDefinition> jobs) {
        jobs.forEach((fields, job) -> check(fields, job.run()));
    }

    private void check(Fields fields, Target target) {
        if (target.definition().isEmpty()) {
            return;
        }
        String kind = Found.word(target.kind());
        Node run = fields.node("run").orElseThrow();
        List<Known> named =
                known.stream()
                        .filter(one -> one.kind() == target.kind())
                        .filter(one -> one.name().equals(target.definition()))
                        .toList();
        if (named.isEmpty()) {
            checks.problems()
                    .add(
                            run.placeOf("/" + kind),
                            "job.run."
                                    + kind
                                    + ": no document defines "
                                    + Found.article(kind)
                                    + " '"
                                    + target.definition()
                                    + "'"
                                    + NearMiss.hint(
                                            target.definition(),
                                            known.stream()
                                                    .filter(one -> one.kind() == target.kind())
                                                    .map(Known::name)
                                                    .distinct()
                                                    .toList()));
            return;
        }
        Optional<Known> meant =
                named.stream()
                        .filter(one -> target.version().map(one.version()::equals).orElse(true))
                        .max(BY_VERSION);
        if (meant.isEmpty()) {
            checks.problems()
                    .add(
                            run.placeOf("/version"),
                            "job.run.version: no document defines '"
                                    + target.definition()
                                    + "' in this version; expected "
                                    + Found.alternatives(
                                            named.stream().map(Known::version).toList()));
            return;
        }
        if (checks.problems().isEmpty()) {
            checkInput(run, target, meant.get());
        }
    }

    private void checkInput(Node run, Target target, Known meant) {
        meant.input().stream()
                .flatMap(schema -> checks.inputFindings(schema, target.input()).stream())
                .forEach(
                        finding ->
                                checks.problems()
                                        .add(run.placeOf("/input"), "job.run.input: " + finding));
    }
}
