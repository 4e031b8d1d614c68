package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.approval.ApprovalTerms;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.Schedule;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.PolicyRule;
import dev.signalbox.domain.policy.ToolPattern;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.Probe;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.verify.VerifyRule;
import dev.signalbox.domain.workflow.StepExpression;
import dev.signalbox.domain.workflow.WorkflowDefinition;
import dev.signalbox.domain.workflow.WorkflowStep;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Definitions as documents again, in one form: comments and layout are gone, defaults are written
/// out.
///
/// Consequence: a document's digest does not change with its layout, and a stored document means
/// the same when defaults change. Fields that are added in later versions are left out while they
/// have their default, so that digests of earlier documents stay.
final class Documents {

    private Documents() {}

    static ToolDefinition digested(ToolDefinition tool) {
        return withDigest(tool, of(tool).digest());
    }

    static ToolDefinition withDigest(ToolDefinition tool, Digest digest) {
        return new ToolDefinition(
                tool.name(),
                tool.description(),
                tool.input(),
                tool.output(),
                tool.sideEffect(),
                tool.idempotency(),
                tool.auth(),
                tool.transport(),
                tool.callsPerRun(),
                tool.probe(),
                digest);
    }

    static PolicyDefinition digested(PolicyDefinition policy) {
        return withDigest(policy, of(policy).digest());
    }

    static PolicyDefinition withDigest(PolicyDefinition policy, Digest digest) {
        return new PolicyDefinition(
                policy.name(),
                policy.defaultVerdict(),
                policy.allow(),
                policy.deny(),
                policy.rules(),
                digest);
    }

    static JsonObject of(ToolDefinition tool) {
        Document document =
                new Document("tool")
                .with("name", tool.name())
                .with("description", tool.description())
                .with("input", tool.input())
                .with("output", tool.output())
                .with("sideEffect", Found.word(tool.sideEffect()))
                .with(
                        "limits",
                        tool.callsPerRun()
                                .map(most -> new Document().with("callsPerRun", most).json()))
                .with("probe", tool.probe().map(Documents::of));
        if (!(tool.transport() instanceof RunCall)) {
            document.with("idempotency", Found.word(tool.idempotency()));
        }
        return switch (tool.transport()) {
            case HttpCall http ->
                    document.with("auth", tool.auth()).with("http", of(http)).json();
            case JavaCall java -> document.with("java", of(java)).json();
            case RunCall run ->
                    document.with(
                                    Found.word(run.kind()),
                                    new Document()
                                            .with("name", run.name())
                                            .with("version", run.version())
                                            .json())
                            .json();
        };
    }

    private static JsonObject of(HttpCall http) {
        Document document =
                new Document()
                        .with("method", http.method().name())
                        .with("url", http.url())
                        .with("timeout", http.timeout().toString());
        HttpCall.Placement placement = http.placement();
        if (!placement.query().isEmpty()) {
            document.with("query", placement.query());
        }
        if (!placement.headers().isEmpty()) {
            document.with("headers", (Object) placement.headers());
        }
        return document.with("body", placement.body()).json();
    }

    private static JsonObject of(Probe probe) {
        return new Document()
                .with("method", probe.http().method().name())
                .with("url", probe.http().url())
                .with("timeout", probe.http().timeout().toString())
                .with("happened", probe.happened())
                .with("result", probe.result())
                .with("after", probe.after().toString())
                .with("tries", probe.tries())
                .json();
    }

    private static JsonObject of(JavaCall java) {
        return new Document()
                .with("name", java.name())
                .with("timeout", java.timeout().toString())
                .json();
    }

    static JsonObject of(PolicyDefinition policy) {
        return new Document("policy")
                .with("name", policy.name())
                .with("default", Found.word(policy.defaultVerdict()))
                .with("allow", policy.allow().stream().map(ToolPattern::glob).toList())
                .with("deny", policy.deny().stream().map(ToolPattern::glob).toList())
                .with("rules", policy.rules().stream().map(Documents::of).toList())
                .json();
    }

    static JsonObject of(AgentDefinition agent) {
        Document document =
                new Document("agent")
                        .with("name", agent.name())
                        .with("version", agent.version())
                        .with("model", models(agent))
                        .with("instructions", agent.instructions())
                        .with("tools", agent.tools())
                        .with("policy", agent.policy())
                        .with("limits", of(agent.limits()))
                        .with("input", agent.input().map(Documents::schema))
                        .with("output", agent.output().map(Documents::schema))
                        .with("verify", agent.verify().stream().map(Documents::of).toList());
        if (!agent.script().isEmpty()) {
            document.with("script", agent.script().stream().map(Documents::of).toList());
        }
        return document.with(RetentionReader.FIELD, of(agent.retention())).json();
    }

    static JsonObject of(WorkflowDefinition workflow) {
        return new Document("workflow")
                .with("name", workflow.name())
                .with("version", workflow.version())
                .with("steps", workflow.steps().stream().map(StepDocuments::of).toList())
                .with("policy", workflow.policy())
                .with(
                        "limits",
                        limits(workflow.limits())
                                .with(
                                        "children",
                                        Optional.of(workflow.limits().children())
                                                .filter(most -> most != Limits.CHILDREN))
                                .json())
                .with("input", workflow.input().map(Documents::schema))
                .with("output", workflow.output().map(Documents::source))
                .with("verify", workflow.verify().stream().map(Documents::ofFailing).toList())
                .with(RetentionReader.FIELD, of(workflow.retention()))
                .json();
    }

    /// Absent from documents that say nothing, as those of earlier versions do.
    private static Optional<JsonObject> of(RetentionTerms retention) {
        return Optional.of(retention.json()).filter(said -> !said.members().isEmpty());
    }

    static JsonObject of(JobDefinition job) {
        return new Document("job")
                .with("name", job.name())
                .with("tenant", job.tenant())
                .with("schedule", of(job.schedule()))
                .with("run", of(job.run()))
                .with("overlap", Found.word(job.overlap()))
                .with("misfire", Found.word(job.misfire()))
                .with("maxRuns", job.maxRuns())
                .with("start", job.start().map(Object::toString))
                .with("end", job.end().map(Object::toString))
                .with("paused", job.paused())
                .json();
    }

    private static JsonObject of(Schedule schedule) {
        return switch (schedule) {
            case Schedule.Cron(String expression, ZoneId zone) ->
                    new Document().with("cron", expression).with("timeZone", zone.getId()).json();
            case Schedule.Every(Duration period) ->
                    new Document().with("every", period.toString()).json();
            case Schedule.At(Instant time) -> new Document().with("at", time.toString()).json();
        };
    }

    private static JsonObject of(JobDefinition.Target target) {
        return new Document()
                .with(Found.word(target.kind()), target.definition())
                .with("version", target.version())
                .with("input", target.input())
                .with("labels", new TreeMap<>(target.labels()))
                .json();
    }

    static String source(StepExpression expression) {
        return expression.expression().source();
    }

    private static JsonObject of(PolicyRule rule) {
        return new Document()
                .with("id", rule.id())
                .with("when", rule.when().source())
                .with("then", Found.word(rule.then()))
                .with("approval", rule.approval().map(Documents::of))
                .json();
    }

    private static JsonObject of(ApprovalTerms terms) {
        return terms(terms).json();
    }

    static Document terms(ApprovalTerms terms) {
        return new Document()
                .with("approvers", terms.approvers())
                .with("quorum", terms.quorum())
                .with("fourEyes", terms.fourEyes())
                .with("expiresIn", terms.expiresIn().map(Object::toString))
                .with("onExpiry", Found.word(terms.onExpiry()));
    }

    private static JsonObject models(AgentDefinition agent) {
        Document first = of(agent.model());
        if (!agent.fallbacks().isEmpty()) {
            first.with(
                    "fallback", agent.fallbacks().stream().map(model -> of(model).json()).toList());
        }
        return first.json();
    }

    private static Document of(ModelRef model) {
        return new Document()
                .with("provider", Found.word(model.provider()))
                .with("name", model.name())
                .with("temperature", model.temperature())
                .with("maxOutputTokens", model.maxOutputTokens());
    }

    private static JsonObject of(Limits limits) {
        return limits(limits).json();
    }

    /// The bounds of a definition that is run for another.
    static JsonObject of(Budget limits) {
        return new Document()
                .with("modelCalls", limits.modelCalls())
                .with("toolCalls", limits.toolCalls())
                .with("tokens", limits.tokens())
                .with("costUsd", limits.costUsd())
                .with("wallClock", limits.wallClock().map(Object::toString))
                .with("runs", limits.runs())
                .json();
    }

    private static Document limits(Limits limits) {
        return new Document()
                .with("modelCalls", limits.modelCalls())
                .with("toolCalls", limits.toolCalls())
                .with("tokens", limits.tokens())
                .with("costUsd", limits.costUsd())
                .with("wallClock", limits.wallClock().map(Object::toString));
    }

    private static JsonObject of(VerifyRule rule) {
        String onFail = Found.word(rule.onFail());
        return switch (rule) {
            case VerifyRule.CelRule(Expression cel, var _) ->
                    new Document().with("cel", cel.source()).with("onFail", onFail).json();
            case VerifyRule.SchemaRule(JsonObject schema, var _) ->
                    new Document().with("schema", schema).with("onFail", onFail).json();
        };
    }

    /// A check that can do nothing but fail the run.
    private static JsonObject ofFailing(VerifyRule rule) {
        return switch (rule) {
            case VerifyRule.CelRule(Expression cel, var _) ->
                    new Document().with("cel", cel.source()).json();
            case VerifyRule.SchemaRule(JsonObject schema, var _) ->
                    new Document().with("schema", schema).json();
        };
    }

    private static JsonObject of(ScriptTurn turn) {
        Document document = new Document().with("when", turn.when().map(Expression::source));
        if (!turn.tools().isEmpty()) {
            document.with("tools", turn.tools().stream().map(Documents::of).toList());
        }
        return document.with("text", turn.text()).json();
    }

    private static JsonObject of(ScriptTurn.ScriptCall call) {
        return new Document()
                .with("name", call.name())
                .with("arguments", call.arguments().source())
                .json();
    }

    private static JsonObject schema(JsonObject schema) {
        return new Document().with("schema", schema).json();
    }

    /// An object under construction.
    static final class Document {
        private final Map<String, Json> members = new LinkedHashMap<>();

        Document() {}

        Document(String kind) {
            with("kind", kind);
        }

        Document with(String name, Object value) {
            members.put(name, Json.of(value));
            return this;
        }

        Document with(String name, List<?> values) {
            members.put(name, Json.of(values));
            return this;
        }

        /// Leaves out what is absent.
        Document with(String name, Optional<?> value) {
            value.ifPresent(present -> members.put(name, Json.of(present)));
            return this;
        }

        JsonObject json() {
            return new JsonObject(members);
        }
    }
}
