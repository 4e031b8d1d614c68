package dev.signalbox.queue;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.wire.JsonCodec;
import java.math.BigDecimal;
import java.util.Map;

/// What processes say to one another about model deltas.
sealed interface DeltaWords {

    record Said(String by, ModelDelta delta) implements DeltaWords {}

    record Watched(String by, RunId run) implements DeltaWords {}

    /// Of another version, or about something else.
    record Other() implements DeltaWords {}

    static String said(String by, ModelDelta delta) {
        return Json.of(
                        Map.of(
                                "by", by,
                                "run", delta.runId().toString(),
                                "effect", delta.effectId().value(),
                                "attempt", delta.attempt(),
                                "offset", delta.offset(),
                                "text", delta.text()))
                .canonical();
    }

    static String watched(String by, RunId run) {
        return Json.of(Map.of("by", by, "watched", run.toString())).canonical();
    }

    static DeltaWords parse(String words) {
        try {
            return parse(JsonCodec.parseObject(words));
        } catch (ProblemException | IllegalArgumentException | ArithmeticException _) {
            return new Other();
        }
    }

    private static DeltaWords parse(JsonObject words) {
        if (!(words.get("by") instanceof JsonText(String by))) {
            return new Other();
        }
        if (words.get("watched") instanceof JsonText(String run)) {
            return new Watched(by, RunId.of(run));
        }
        return words.get("run") instanceof JsonText(String run)
                        && words.get("effect") instanceof JsonText(String effect)
                        && words.get("attempt") instanceof JsonNumber(BigDecimal attempt)
                        && words.get("offset") instanceof JsonNumber(BigDecimal offset)
                        && words.get("text") instanceof JsonText(String text)
                ? new Said(
                        by,
                        new ModelDelta(
                                RunId.of(run),
                                new EffectId(effect),
                                attempt.intValueExact(),
                                offset.longValueExact(),
                                text))
                : new Other();
    }
}
