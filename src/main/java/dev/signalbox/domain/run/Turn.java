package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One turn of the model and the calls that it proposed.
///
/// @param calls by effect id, in the order of their proposal
/// @param output the verified output, once verification has passed
public record Turn(
        EffectId modelCall,
        ModelCall model,
        Map<EffectId, ToolCall> calls,
        Optional<Digest> output) {

    public Turn {
        calls = Collections.unmodifiableMap(new LinkedHashMap<>(calls));
    }

    /// How far the model call has come.
    public sealed interface ModelCall {

        record Requested(int attempt, ModelChoice choice) implements ModelCall {}

        record RetryDue(int attempts, Instant at, String detail, ModelChoice choice)
                implements ModelCall {}

        record GaveUp(String code, String detail) implements ModelCall {}

        record Answered(Optional<Digest> text, List<ProposedCall> calls) implements ModelCall {
            public Answered {
                calls = List.copyOf(calls);
            }
        }
    }

    static Turn requested(EffectId modelCall, int attempt) {
        return new Turn(
                modelCall,
                new ModelCall.Requested(attempt, ModelChoice.FIRST),
                Map.of(),
                Optional.empty());
    }

    /// Which model the call is put to, or was.
    ModelChoice choice() {
        return switch (model) {
            case ModelCall.Requested(var _, ModelChoice choice) -> choice;
            case ModelCall.RetryDue(var _, var _, var _, ModelChoice choice) -> choice;
            case ModelCall.GaveUp _, ModelCall.Answered _ -> ModelChoice.FIRST;
        };
    }

    Turn with(ModelCall next) {
        return new Turn(modelCall, next, calls, output);
    }

    Turn with(ToolCall call) {
        Map<EffectId, ToolCall> next = new LinkedHashMap<>(calls);
        next.put(call.effectId(), call);
        return new Turn(modelCall, model, next, output);
    }

    Turn verified(Digest verifiedOutput) {
        return new Turn(modelCall, model, calls, Optional.of(verifiedOutput));
    }

    /// Whether every call that the model proposed has been proposed to the policy.
    boolean allProposed() {
        return switch (model) {
            case ModelCall.Answered(_, List<ProposedCall> proposed) ->
                    proposed.stream().allMatch(call -> isProposed(call.callId()));
            case ModelCall.Requested _, ModelCall.RetryDue _, ModelCall.GaveUp _ -> false;
        };
    }

    /// Whether a call of that id has been proposed already.
    public boolean isProposed(String callId) {
        return calls.values().stream().anyMatch(call -> call.callId().equals(callId));
    }

    /// Whether the model answered and nothing more is to come of its calls.
    public boolean settled() {
        return allProposed() && calls.values().stream().allMatch(ToolCall::settled);
    }
}
