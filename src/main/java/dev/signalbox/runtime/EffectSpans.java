package dev.signalbox.runtime;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.plan.Action.CallModel;
import dev.signalbox.domain.plan.Action.ExecuteTool;
import dev.signalbox.domain.plan.Action.ProbeCall;
import dev.signalbox.observe.Telemetry;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Locale;

/// How effects are named on traces.
final class EffectSpans {

    private EffectSpans() {}

    static SpanBuilder chat(Drive run, CallModel call) {
        ModelRef model = run.session().agent().agent().model(call.choice());
        return run.trace()
                .span(Telemetry.CHAT, model.name())
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(Telemetry.PROVIDER, model.provider().name().toLowerCase(Locale.ROOT))
                .setAttribute(Telemetry.REQUEST_MODEL, model.name())
                .setAttribute(Telemetry.EFFECT_ID, call.effectId().value())
                .setAttribute(Telemetry.ATTEMPT, call.attempt());
    }

    static SpanBuilder probe(Drive run, ProbeCall probe) {
        return run.trace()
                .span(Telemetry.EXECUTE_TOOL, probe.call().tool() + " probe")
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(Telemetry.TOOL_NAME, probe.call().tool())
                .setAttribute(Telemetry.EFFECT_ID, probe.effectId().value())
                .setAttribute(Telemetry.ATTEMPT, probe.attempt());
    }

    static SpanBuilder tool(Drive run, ExecuteTool call) {
        return run.trace()
                .span(Telemetry.EXECUTE_TOOL, call.call().tool())
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute(Telemetry.TOOL_NAME, call.call().tool())
                .setAttribute(Telemetry.TOOL_CALL_ID, call.call().callId())
                .setAttribute(Telemetry.EFFECT_ID, call.effectId().value())
                .setAttribute(Telemetry.ATTEMPT, call.attempt());
    }
}
