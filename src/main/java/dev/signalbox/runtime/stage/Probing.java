package dev.signalbox.runtime.stage;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Action.ProbeCall;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.domain.run.RunEvent.EffectReconciled;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.ToolFailed;
import dev.signalbox.domain.run.ToolCall.Status.OutcomeUnknown;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.Probe;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.runtime.tool.ToolPort;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Asks the outside whether a call happened of which nobody knows.
///
/// Guarantee: the run is told that it did, or that it did not, only if the probe's expression says
/// so in as many words over an answer that came; anything else leaves the outcome unknown.
final class Probing {

    /// Who reconciles, in the journal.
    static final String BY = "probe";

    /// Between questions: 2, 4, 8 … seconds.
    private static final int LONGEST_PAUSE_EXPONENT = 6;

    private final ToolPort tools;
    private final Expressions expressions;

    Probing(ToolPort tools, Expressions expressions) {
        this.tools = tools;
        this.expressions = expressions;
    }

    Uni<Draft> ask(Work work, ToolDefinition tool, ProbeCall action, Instant now) {
        Probe probe = tool.probe().orElseThrow();
        JsonObject arguments = (JsonObject) work.payload(action.call().arguments());
        ToolInvocation question =
                new ToolInvocation(
                        new EffectId(action.effectId() + "-p" + action.attempt()),
                        work.progress().identity().id(),
                        1,
                        now.plus(probe.http().timeout()),
                        asTool(tool, probe, action.effectId()),
                        spoken(probe, arguments),
                        Instant.MAX);
        return tools.call(question).map(outcome -> draft(probe, action, arguments, outcome, now));
    }

    private Draft draft(
            Probe probe,
            ProbeCall action,
            JsonObject arguments,
            ToolOutcome outcome,
            Instant now) {
        return switch (outcome) {
            case ToolOutcome.Succeeded(Json body) ->
                    judged(probe, action, variables(action, arguments, true, body), now);
            case ToolOutcome.Failed(String code, String _, Json body)
                    when code.equals("http_404") || code.equals("http_410") ->
                    judged(probe, action, variables(action, arguments, false, body), now);
            case ToolOutcome.Failed(String code, String detail, Json _) ->
                    uncertain(probe, action, code + ": " + detail, now);
            case ToolOutcome.TryAgain(String code, String detail, var _) ->
                    uncertain(probe, action, code + ": " + detail, now);
            case ToolOutcome.Unknown(String code, String detail) ->
                    uncertain(probe, action, code + ": " + detail, now);
        };
    }

    private Draft judged(
            Probe probe, ProbeCall action, Map<String, Json> variables, Instant now) {
        Evaluation happened = expressions.evaluate(new Expression(probe.happened()), variables);
        return switch (happened) {
            case Evaluation.Failed(String reason) -> uncertain(probe, action, reason, now);
            case Evaluation.Value(JsonBool(boolean yes)) when !yes ->
                    Draft.of(
                            new EffectReconciled(
                                    action.effectId(),
                                    false,
                                    Optional.empty(),
                                    BY,
                                    "The probe answered that the call did not happen."));
            case Evaluation.Value(JsonBool _) -> happened(probe, action, variables);
            case Evaluation.Value(Json _) ->
                    uncertain(probe, action, "its answer does not say", now);
        };
    }

    private Draft happened(Probe probe, ProbeCall action, Map<String, Json> variables) {
        Draft draft = new Draft();
        Json result =
                probe.result()
                        .map(source -> expressions.evaluate(new Expression(source), variables))
                        .flatMap(
                                value ->
                                        value instanceof Evaluation.Value(Json json)
                                                ? Optional.of(json)
                                                : Optional.empty())
                        .orElseGet(
                                () ->
                                        Json.of(
                                                Map.of(
                                                        "reconciled",
                                                        true,
                                                        "note",
                                                        "The call took place; its answer was"
                                                                + " lost.")));
        Digest kept = draft.keep(result);
        return draft.add(
                new EffectReconciled(
                        action.effectId(),
                        true,
                        Optional.of(kept),
                        BY,
                        "The probe answered that the call happened."));
    }

    private static Draft uncertain(Probe probe, ProbeCall action, String why, Instant now) {
        int attempt =
                action.call().status() instanceof OutcomeUnknown unknown ? unknown.attempt() : 1;
        long seconds = 1L << Math.min(action.attempt(), LONGEST_PAUSE_EXPONENT);
        Optional<Instant> next =
                action.attempt() < probe.tries()
                        ? Optional.of(now.plus(Duration.ofSeconds(seconds)))
                        : Optional.empty();
        return Draft.of(
                new ToolFailed(
                        action.effectId(),
                        attempt,
                        FailureKind.UNKNOWN,
                        "probe_uncertain",
                        why,
                        Optional.empty(),
                        next));
    }

    private static Map<String, Json> variables(
            ProbeCall action, JsonObject arguments, boolean found, Json body) {
        Map<String, Json> answer = new LinkedHashMap<>();
        answer.put("found", new JsonBool(found));
        answer.put("body", body);
        return Map.of(
                "args",
                arguments,
                "effectId",
                Json.text(action.effectId().value()),
                "answer",
                new JsonObject(answer));
    }

    /// The question as a call that only reads, with the tool's own credentials.
    private static ToolDefinition asTool(ToolDefinition tool, Probe probe, EffectId effectId) {
        HttpCall http = probe.http();
        String url = http.url().replace("{" + Probe.EFFECT_ID + "}", effectId.value());
        return new ToolDefinition(
                tool.name(),
                tool.description(),
                tool.input(),
                Optional.empty(),
                SideEffect.READ,
                Idempotency.NONE,
                tool.auth(),
                new HttpCall(http.method(), url, http.timeout()),
                tool.digest());
    }

    /// The arguments that the URL speaks of: the others stay here.
    private static JsonObject spoken(Probe probe, JsonObject arguments) {
        Map<String, Json> spoken = new LinkedHashMap<>(arguments.members());
        spoken.keySet().removeIf(name -> !probe.http().url().contains("{" + name + "}"));
        return new JsonObject(spoken);
    }
}
