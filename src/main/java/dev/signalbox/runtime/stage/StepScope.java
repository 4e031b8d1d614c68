package dev.signalbox.runtime.stage;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.Steps.Done;
import dev.signalbox.domain.workflow.StepExpression;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What an expression of a workflow may speak of: `input`, and of `steps` those that it reads, each
/// as `{status, output, error}`. The cost does not grow with the number of steps.
final class StepScope {

    private StepScope() {}

    static Map<String, Json> of(Work work, StepExpression expression) {
        Map<String, Json> steps = new LinkedHashMap<>();
        for (String id : expression.reads()) {
            work.progress().steps().done().find(id).ifPresent(done -> steps.put(id, of(work, done)));
        }
        return Map.of("input", work.input(), "steps", new JsonObject(steps));
    }

    private static Json of(Work work, Done done) {
        return Json.of(
                Map.of(
                        "status",
                        done.outcome().name().toLowerCase(Locale.ROOT),
                        "output",
                        output(work, done.output()),
                        "error",
                        done.error().map(StepScope::of).orElse(JsonNull.NULL)));
    }

    private static Json of(RunError error) {
        return Json.of(Map.of("code", error.code(), "message", error.message()));
    }

    static Json output(Work work, Optional<Digest> output) {
        return output.map(work::payload).orElse(JsonNull.NULL);
    }
}
