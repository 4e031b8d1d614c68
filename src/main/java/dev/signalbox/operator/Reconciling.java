package dev.signalbox.operator;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunCommand.Ask;
import java.util.Optional;

/// Reads what somebody says to have found out about an effect.
public final class Reconciling {

    private Reconciling() {}

    public static Ask.Reconcile ask(
            Optional<String> effectId, Optional<String> outcome, Optional<Json> result) {
        boolean happened =
                switch (outcome.orElse("")) {
                    case "happened" -> true;
                    case "did_not_happen" -> false;
                    default -> throw wrong("outcome", "happened or did_not_happen");
                };
        if (result.isPresent() && !happened) {
            throw wrong("result", "a result only of what happened");
        }
        return new Ask.Reconcile(effect(effectId), happened, result);
    }

    private static EffectId effect(Optional<String> effectId) {
        try {
            return effectId.map(EffectId::new).orElseThrow(() -> missing("effectId"));
        } catch (IllegalArgumentException _) {
            throw missing("effectId");
        }
    }

    static ProblemException missing(String field) {
        return wrong(field, "the id of an effect that is held for its outcome");
    }

    private static ProblemException wrong(String field, String expected) {
        return Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        field,
                        "'" + field + "' is missing or not right",
                        expected)
                .asException();
    }
}
