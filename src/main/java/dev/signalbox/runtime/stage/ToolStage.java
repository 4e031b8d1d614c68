package dev.signalbox.runtime.stage;

import dev.signalbox.store.StoreClock;
import dev.signalbox.domain.plan.Action.ExecuteTool;
import dev.signalbox.domain.plan.Action.MissCall;
import dev.signalbox.domain.plan.Action.ProbeCall;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RetryDelays;
import dev.signalbox.domain.run.RunEvent.CheckpointSaved;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ToolCompleted;
import dev.signalbox.domain.run.RunEvent.ToolFailed;
import dev.signalbox.domain.run.RunEvent.ToolStarted;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.tool.Transport;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.runtime.tool.ToolPort;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The effect of calling a tool, and the check of what came back.
///
/// Guarantee: an outcome that nobody knows becomes a retry only if the tool is safe to repeat.
@ApplicationScoped
public class ToolStage {

    private static final RetryDelays RETRIES =
            new RetryDelays(5, Duration.ofSeconds(1), Duration.ofMinutes(15));

    private final ToolPort tools;
    private final Probing probing;
    private final SchemaCheck schemas;
    private final StoreClock clock;
    private final RunMetrics metrics;

    public ToolStage(
            ToolPort tools,
            SchemaCheck schemas,
            Expressions expressions,
            StoreClock clock,
            RunMetrics metrics) {
        this.tools = tools;
        this.probing = new Probing(tools, expressions);
        this.schemas = schemas;
        this.clock = clock;
        this.metrics = metrics;
    }

    public Draft intent(Work work, ExecuteTool action) {
        Draft draft = new Draft();
        if (tool(work, action).sideEffect().writes()) {
            draft.add(new CheckpointSaved("before " + action.call().tool()));
        }
        return draft.add(new ToolStarted(action.effectId(), action.attempt()));
    }

    /// Whether the call may leave a trace outside, so that it must not be made in vain.
    public boolean changesSomething(Work work, ExecuteTool action) {
        return tool(work, action).sideEffect().writes();
    }

    /// What is known of a call whose worker was lost: nothing, until its probe is asked.
    public Draft missed(Work work, MissCall action) {
        return Draft.of(
                new ToolFailed(
                        action.call().effectId(),
                        action.attempt(),
                        FailureKind.UNKNOWN,
                        RestStage.WORKER_LOST,
                        RestStage.LOST,
                        Optional.empty(),
                        probeAt(tool(work, action.call()))));
    }

    /// Asks the outside whether the call happened.
    public Uni<Draft> probe(Work work, ProbeCall action) {
        return probing.ask(work, tool(work, action.call()), action, clock.instant());
    }

    private Optional<Instant> probeAt(ToolDefinition tool) {
        return tool.probe().map(probe -> clock.instant().plus(probe.after()));
    }

    /// @param sendBy after that the call must not go out any more, by this process's clock
    public Uni<Draft> perform(Work work, ExecuteTool action, Instant sendBy) {
        ToolDefinition tool = tool(work, action);
        JsonObject arguments = (JsonObject) work.payload(action.call().arguments());
        ToolInvocation invocation =
                new ToolInvocation(
                        action.effectId(),
                        work.progress().identity().id(),
                        action.attempt(),
                        deadline(work, tool),
                        tool,
                        arguments,
                        sendBy);
        return metrics.toolCall(tool.name(), tools.call(invocation), ToolStage::word)
                .map(outcome -> record(tool, action, outcome));
    }

    private Instant deadline(Work work, ToolDefinition tool) {
        Duration patience =
                switch (tool.transport()) {
                    case Transport.Answered answered -> answered.timeout();
                    case RunCall _ -> Duration.ZERO;
                };
        Instant timeout = clock.instant().plus(patience);
        return work.progress()
                .identity()
                .deadline()
                .filter(end -> end.isBefore(timeout))
                .orElse(timeout);
    }

    private static String word(ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.Succeeded _ -> "succeeded";
            case ToolOutcome.Failed _ -> "failed";
            case ToolOutcome.TryAgain _ -> "try_again";
            case ToolOutcome.Unknown _ -> "unknown";
        };
    }

    private Draft record(ToolDefinition tool, ExecuteTool action, ToolOutcome outcome) {
        return switch (outcome) {
            case ToolOutcome.Succeeded(Json result) -> succeeded(tool, action, result);
            case ToolOutcome.Failed(String code, String detail, Json body) ->
                    failed(action, FailureKind.PERMANENT, code, detail, body, Optional.empty());
            case ToolOutcome.TryAgain(String code, String detail, Optional<Duration> retryAfter) ->
                    failed(
                            action,
                            FailureKind.RETRYABLE,
                            code,
                            detail,
                            JsonNull.NULL,
                            retryAt(action, retryAfter));
            case ToolOutcome.Unknown(String code, String detail) ->
                    unknown(tool, action, code, detail);
        };
    }

    private Draft succeeded(ToolDefinition tool, ExecuteTool action, Json result) {
        List<String> findings =
                tool.output().map(schema -> schemas.findings(schema, result)).orElse(List.of());
        if (findings.isEmpty() || tool.sideEffect().writes()) {
            Draft draft = new Draft();
            Digest kept = draft.keep(result);
            return draft.add(new ToolCompleted(action.effectId(), action.attempt(), kept));
        }
        return failed(
                action,
                FailureKind.PERMANENT,
                "invalid_result",
                "The tool's answer is not what it declares: " + String.join("; ", findings),
                JsonNull.NULL,
                Optional.empty());
    }

    private Draft unknown(ToolDefinition tool, ExecuteTool action, String code, String detail) {
        Optional<Instant> retryAt =
                tool.safeToRepeat() ? retryAt(action, Optional.empty()) : Optional.empty();
        if (retryAt.isPresent()) {
            return failed(action, FailureKind.RETRYABLE, code, detail, JsonNull.NULL, retryAt);
        }
        FailureKind kind = tool.sideEffect().writes() ? FailureKind.UNKNOWN : FailureKind.PERMANENT;
        Optional<Instant> probeAt =
                kind == FailureKind.UNKNOWN ? probeAt(tool) : Optional.empty();
        return failed(action, kind, code, detail, JsonNull.NULL, probeAt);
    }

    private Optional<Instant> retryAt(ExecuteTool action, Optional<Duration> asked) {
        return RETRIES.after(action.attempt(), asked).map(clock.instant()::plus);
    }

    private static Draft failed(
            ExecuteTool action,
            FailureKind kind,
            String code,
            String detail,
            Json body,
            Optional<Instant> retryAt) {
        Draft draft = new Draft();
        Optional<Digest> kept =
                body instanceof JsonNull ? Optional.empty() : Optional.of(draft.keep(body));
        return draft.add(
                new ToolFailed(
                        action.effectId(), action.attempt(), kind, code, detail, kept, retryAt));
    }

    private static ToolDefinition tool(Work work, ExecuteTool action) {
        return tool(work, action.call());
    }

    private static ToolDefinition tool(Work work, ToolCall call) {
        return work.definition()
                .tool(call.tool())
                .orElseThrow(() -> new IllegalStateException("an allowed call has a tool"));
    }
}
