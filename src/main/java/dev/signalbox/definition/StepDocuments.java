package dev.signalbox.definition;

import dev.signalbox.definition.Documents.Document;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunEvent.StepFailure;
import dev.signalbox.domain.workflow.StepExpression;
import dev.signalbox.domain.workflow.StepRetry;
import dev.signalbox.domain.workflow.StepTerms;
import dev.signalbox.domain.workflow.WorkflowStep;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The steps of a workflow as documents again, see [Documents].
final class StepDocuments {

    private StepDocuments() {}

    static JsonObject of(WorkflowStep step) {
        Document document =
                new Document()
                        .with("id", step.id())
                        .with("needs", step.needs())
                        .with("when", step.when().map(Documents::source));
        add(document, step.task());
        return add(document, step.terms()).json();
    }

    private static Document add(Document document, Task task) {
        return switch (task) {
            case Task.CallTool(String tool, Optional<StepExpression> input) ->
                    document.with("tool", tool).with("input", input.map(Documents::source));
            case Task.RunChild(
                            DefinitionRef.Kind kind,
                            String name,
                            Optional<String> version,
                            Optional<StepExpression> input) ->
                    document.with(Found.word(kind), name)
                            .with("version", version)
                            .with("input", input.map(Documents::source));
            case Task.WaitFor(Duration duration) -> waiting(document, "duration", duration);
            case Task.WaitUntil(Instant time) -> waiting(document, "until", time);
            case Task.WaitUntilTime(StepExpression time) ->
                    waiting(document, "until", Documents.source(time));
            case Task.WaitForSignal(String name) -> waiting(document, "signal", name);
            case Task.Decide(
                            ApprovalTerms terms,
                            Optional<String> message,
                            Optional<StepExpression> input) ->
                    document.with(
                                    "approval",
                                    Documents.terms(terms).with("message", message).json())
                            .with("input", input.map(Documents::source));
            case Task.Check(StepExpression condition) ->
                    document.with("verify", Documents.source(condition));
        };
    }

    private static Document waiting(Document document, String kind, Object what) {
        return document.with("wait", new Document().with(kind, what.toString()).json());
    }

    private static Document add(Document document, StepTerms terms) {
        return document.with("retry", terms.retry().map(StepDocuments::of))
                .with("timeout", terms.timeout().map(Object::toString))
                .with(
                        "onFailure",
                        Optional.of(terms.onFailure())
                                .filter(then -> then != StepFailure.FAIL)
                                .map(Found::word))
                .with(
                        "compensate",
                        terms.compensate().map(call -> add(new Document(), call).json()));
    }

    private static JsonObject of(StepRetry retry) {
        Document document =
                new Document()
                        .with("maxAttempts", retry.maxAttempts())
                        .with("delay", retry.delay().toString())
                        .with("factor", retry.factor())
                        .with("maxDelay", retry.maxDelay().toString());
        return retry.on().isEmpty() ? document.json() : document.with("on", retry.on()).json();
    }
}
