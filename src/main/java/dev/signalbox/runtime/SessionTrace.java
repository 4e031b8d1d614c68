package dev.signalbox.runtime;

import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.runtime.stage.Draft;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.smallrye.mutiny.Uni;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// The part of a run's trace that one session adds: an `invoke_agent` or `invoke_workflow` span with a span for each
/// step
/// and effect below it. All sessions of a run share its trace id; one that comes after a wait links
/// to the span before the wait.
final class SessionTrace {

    private final Tracer tracer;
    private final Span segment;
    private final Context context;

    private SessionTrace(Tracer tracer, Span segment) {
        this.tracer = tracer;
        this.segment = segment;
        this.context = Context.root().with(segment);
    }

    /// @param before the span that ended with the wait before this session, if there was one
    static SessionTrace begin(Tracer tracer, RunIdentity run, Optional<String> before) {
        SpanBuilder builder =
                opening(tracer, run.definition())
                        .setParent(Context.root().with(Span.wrap(parent(run))))
                        .setAttribute(Telemetry.RUN_ID, run.id().toString());
        before.ifPresent(spanId -> builder.addLink(remote(run.traceId(), spanId)));
        return new SessionTrace(tracer, builder.startSpan());
    }

    private static SpanBuilder opening(Tracer tracer, DefinitionRef definition) {
        return switch (definition.kind()) {
            case AGENT ->
                    tracer.spanBuilder(Telemetry.INVOKE_AGENT + " " + definition.name())
                            .setAttribute(Telemetry.OPERATION, Telemetry.INVOKE_AGENT)
                            .setAttribute(Telemetry.AGENT_NAME, definition.name())
                            .setAttribute(Telemetry.AGENT_ID, definition.digest().value());
            case WORKFLOW ->
                    tracer.spanBuilder(Telemetry.INVOKE_WORKFLOW + " " + definition.name())
                            .setAttribute(Telemetry.OPERATION, Telemetry.INVOKE_WORKFLOW)
                            .setAttribute(Telemetry.WORKFLOW_NAME, definition.name())
                            .setAttribute(Telemetry.WORKFLOW_ID, definition.digest().value());
        };
    }

    private static SpanContext parent(RunIdentity run) {
        // Without a submitter's span, the first half of the trace id stands for the run itself.
        return remote(
                run.traceId(), run.parentSpanId().orElseGet(() -> run.traceId().substring(0, 16)));
    }

    private static SpanContext remote(String traceId, String spanId) {
        return SpanContext.createFromRemoteParent(
                traceId, spanId, TraceFlags.getSampled(), TraceState.getDefault());
    }

    Optional<String> spanId() {
        SpanContext mine = segment.getSpanContext();
        return mine.isValid() ? Optional.of(mine.getSpanId()) : Optional.empty();
    }

    /// Runs a step of the pipeline in a span of its own.
    Draft step(String name, Supplier<Draft> step) {
        Span span = tracer.spanBuilder(name).setParent(context).startSpan();
        try (Scope _ = span.makeCurrent()) {
            Draft draft = step.get();
            draft.events().forEach(event -> describe(span, event));
            return draft;
        } finally {
            span.end();
        }
    }

    /// Makes a call in a span of its own, which ends when the call does.
    Uni<Draft> call(SpanBuilder builder, Supplier<Uni<Draft>> call) {
        return Uni.createFrom()
                .deferred(
                        () -> {
                            Span span = builder.setParent(context).startSpan();
                            try (Scope _ = span.makeCurrent()) {
                                return call.get()
                                        .invoke(
                                                draft ->
                                                        draft.events()
                                                                .forEach(
                                                                        event ->
                                                                                describe(
                                                                                        span,
                                                                                        event)))
                                        .onTermination()
                                        .invoke(span::end);
                            }
                        });
    }

    SpanBuilder span(String operation, String subject) {
        return tracer.spanBuilder(operation + " " + subject)
                .setAttribute(Telemetry.OPERATION, operation);
    }

    /// The session is over.
    void end(RunState state) {
        segment.setAttribute(Telemetry.RUN_STATUS, state.status().name().toLowerCase(Locale.ROOT));
        if (state instanceof RunState.Failed(var _, var error)) {
            fail(segment, error.code());
        }
        segment.end();
    }

    /// The session broke off.
    void breakOff(Throwable failure) {
        fail(segment, failure.getClass().getSimpleName());
        segment.end();
    }

    private static void describe(Span span, RunEvent event) {
        switch (event) {
            case RunEvent.ModelCompleted completed -> {
                TokenUsage usage = completed.usage();
                span.setAttribute(Telemetry.RESPONSE_MODEL, completed.model())
                        .setAttribute(Telemetry.INPUT_TOKENS, usage.inputTokens())
                        .setAttribute(Telemetry.OUTPUT_TOKENS, usage.outputTokens());
                usage.cacheReadTokens()
                        .ifPresent(read -> span.setAttribute(Telemetry.CACHE_READ_TOKENS, read));
                usage.cacheWriteTokens()
                        .ifPresent(
                                written ->
                                        span.setAttribute(Telemetry.CACHE_WRITE_TOKENS, written));
            }
            case RunEvent.ModelFailed failed -> fail(span, failed.code());
            case RunEvent.ToolFailed failed -> fail(span, failed.code());
            case RunEvent.PolicyDecided decided -> {
                span.setAttribute(
                        Telemetry.VERDICT, decided.verdict().name().toLowerCase(Locale.ROOT));
                decided.ruleId().ifPresent(rule -> span.setAttribute(Telemetry.RULE, rule));
            }
            case RunEvent.ToolProposed proposed ->
                    span.setAttribute(Telemetry.TOOL_NAME, proposed.tool())
                            .setAttribute(Telemetry.EFFECT_ID, proposed.effectId().value());
            case RunEvent.ApprovalRequested requested ->
                    span.setAttribute(Telemetry.APPROVAL_ID, requested.approvalId().toString());
            case RunEvent.ApprovalResolved resolved ->
                    span.setAttribute(Telemetry.APPROVAL_ID, resolved.approvalId().toString())
                            .setAttribute(
                                    Telemetry.OUTCOME,
                                    resolved.outcome().name().toLowerCase(Locale.ROOT));
            case RunEvent.VerificationCompleted verification ->
                    span.setAttribute(
                            Telemetry.OUTCOME,
                            verification.output().isPresent() ? "passed" : "failed");
            default -> {}
        }
    }

    private static void fail(Span span, String code) {
        span.setStatus(StatusCode.ERROR).setAttribute(Telemetry.ERROR_TYPE, code);
    }
}
