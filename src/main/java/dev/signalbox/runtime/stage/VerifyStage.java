package dev.signalbox.runtime.stage;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.plan.Action.Verify;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent.RunFailed;
import dev.signalbox.domain.run.RunEvent.VerificationCompleted;
import dev.signalbox.domain.run.Steps;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.domain.verify.VerifyRule;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import dev.signalbox.wire.JsonCodec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Last stage of a run: does the output hold? If not, an agent's answer goes back to the model or
/// the run fails.
@ApplicationScoped
public class VerifyStage {

    /// How often an answer goes back before the run fails.
    static final int MAX_REVISIONS = 5;

    private final SchemaCheck schemas;
    private final Expressions expressions;

    public VerifyStage(SchemaCheck schemas, Expressions expressions) {
        this.schemas = schemas;
        this.expressions = expressions;
    }

    public Draft verify(Work work, Verify action) {
        AgentDefinition agent = work.agent().agent();
        String text = work.payload(action.text()) instanceof JsonText(String value) ? value : "";
        Findings findings = new Findings();
        Json output = agent.output().isPresent() ? parse(text, findings) : Json.text(text);
        if (findings.isEmpty()) {
            agent.output()
                    .ifPresent(
                            schema ->
                                    findings.add(schemas.findings(schema, output), OnFail.REVISE));
        }
        if (findings.isEmpty()) {
            agent.verify().forEach(rule -> check(rule, output, work.input(), findings));
        }
        return findings.isEmpty()
                ? passed(action.round(), output)
                : failed(action.round(), findings);
    }

    /// Maps and checks the output of a workflow whose steps are done.
    public Draft conclude(Work work) {
        PinnedWorkflow workflow = work.workflow();
        Findings findings = new Findings();
        Evaluation mapped =
                workflow.workflow()
                        .output()
                        .map(
                                output ->
                                        expressions.evaluate(
                                                output.expression(), StepScope.of(work, output)))
                        .orElseGet(() -> new Evaluation.Value(lastOutputs(work, workflow)));
        switch (mapped) {
            case Evaluation.Failed(String reason) ->
                    findings.add(List.of("The output cannot be mapped: " + reason), OnFail.FAIL);
            case Evaluation.Value(Json output) ->
                    workflow.workflow()
                            .verify()
                            .forEach(rule -> check(rule, output, work.input(), findings));
        }
        return mapped instanceof Evaluation.Value(Json output) && findings.isEmpty()
                ? passed(1, output)
                : failed(1, findings);
    }

    private static Json lastOutputs(Work work, PinnedWorkflow workflow) {
        Map<String, Json> outputs = new LinkedHashMap<>();
        for (String id : workflow.graph().last()) {
            Optional<Digest> output =
                    work.progress().steps().done().find(id).flatMap(Steps.Done::output);
            outputs.put(id, StepScope.output(work, output));
        }
        return new JsonObject(outputs);
    }

    private static Json parse(String text, Findings findings) {
        try {
            return JsonCodec.parse(unfenced(text));
        } catch (ProblemException malformed) {
            findings.add(
                    List.of(
                            "The answer has to be JSON and nothing else: "
                                    + malformed.problem().detail()),
                    OnFail.REVISE);
            return Json.text(text);
        }
    }

    /// Models like to wrap JSON in a Markdown fence; what is inside counts.
    private static String unfenced(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("```") || !trimmed.endsWith("```")) {
            return trimmed;
        }
        int start = trimmed.indexOf('\n');
        int end = trimmed.lastIndexOf("```");
        return start < 0 || end <= start ? trimmed : trimmed.substring(start, end).strip();
    }

    private void check(VerifyRule rule, Json output, Json input, Findings findings) {
        switch (rule) {
            case VerifyRule.SchemaRule(var schema, OnFail onFail) ->
                    findings.add(schemas.findings(schema, output), onFail);
            case VerifyRule.CelRule(var cel, OnFail onFail) -> {
                switch (expressions.evaluate(cel, Map.of("output", output, "input", input))) {
                    case Evaluation.Value value when value.isTrue() -> {}
                    case Evaluation.Value _ ->
                            findings.add(List.of("This does not hold: " + cel), onFail);
                    case Evaluation.Failed(String reason) ->
                            findings.add(
                                    List.of("This cannot be checked: " + cel + " (" + reason + ")"),
                                    onFail);
                }
            }
        }
    }

    private static Draft passed(int round, Json output) {
        Draft draft = new Draft();
        return draft.add(
                new VerificationCompleted(
                        round,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(draft.keep(output))));
    }

    private static Draft failed(int round, Findings findings) {
        Draft draft = new Draft();
        boolean revise = findings.onFail == OnFail.REVISE && round <= MAX_REVISIONS;
        draft.add(
                new VerificationCompleted(
                        round,
                        Optional.of(draft.keep(Json.of(findings.texts))),
                        Optional.of(revise ? OnFail.REVISE : OnFail.FAIL),
                        Optional.empty()));
        return revise
                ? draft
                : draft.add(
                        new RunFailed(
                                new RunError(
                                        "verification_failed",
                                        "The output did not pass verification: "
                                                + findings.texts.size()
                                                + " findings.")));
    }

    private static final class Findings {
        private final List<String> texts = new ArrayList<>();
        private OnFail onFail = OnFail.REVISE;

        void add(List<String> more, OnFail consequence) {
            texts.addAll(more);
            if (!more.isEmpty() && consequence == OnFail.FAIL) {
                onFail = OnFail.FAIL;
            }
        }

        boolean isEmpty() {
            return texts.isEmpty();
        }
    }
}
