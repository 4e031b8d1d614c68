package dev.signalbox.support;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.tool.Transport;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Agents and tools that tests need in full but care about in part.
public final class SampleAgents {

    private static final Digest DIGEST = Digest.of("sample");

    private SampleAgents() {}

    public static PinnedAgent agent(
            ModelRef model,
            List<ScriptTurn> script,
            Optional<JsonObject> output,
            ToolDefinition... tools) {
        Map<String, ToolDefinition> byName = new LinkedHashMap<>();
        Arrays.stream(tools).forEach(tool -> byName.put(tool.name(), tool));
        AgentDefinition agent =
                new AgentDefinition(
                        "sample",
                        "1.0.0",
                        model,
                        "You settle refund requests.",
                        List.copyOf(byName.keySet()),
                        "support",
                        Limits.DEFAULT,
                        Optional.empty(),
                        output,
                        List.of(),
                        script);
        PolicyDefinition policy =
                new PolicyDefinition(
                        "support", Verdict.DENY, List.of(), List.of(), List.of(), DIGEST);
        return new PinnedAgent(DIGEST, agent, byName, policy);
    }

    public static ToolDefinition read(String name, String url) {
        return tool(
                name, "{\"type\":\"object\"}", SideEffect.READ, Idempotency.NONE, Method.GET, url);
    }

    public static ToolDefinition write(String name, Idempotency idempotency, String url) {
        return tool(
                name,
                "{\"type\":\"object\"}",
                SideEffect.EXTERNAL_WRITE,
                idempotency,
                Method.POST,
                url);
    }

    public static ToolDefinition tool(
            String name,
            String input,
            SideEffect sideEffect,
            Idempotency idempotency,
            Method method,
            String url) {
        return new ToolDefinition(
                name,
                "The tool " + name,
                JsonCodec.parseObject(input),
                Optional.empty(),
                sideEffect,
                idempotency,
                List.of(),
                new HttpCall(method, url, Duration.ofSeconds(5)),
                DIGEST);
    }

    public static ToolDefinition withAuth(ToolDefinition tool, String... bindings) {
        return new ToolDefinition(
                tool.name(),
                tool.description(),
                tool.input(),
                tool.output(),
                tool.sideEffect(),
                tool.idempotency(),
                List.of(bindings),
                tool.transport(),
                tool.digest());
    }

    public static ToolDefinition withTimeout(ToolDefinition tool, Duration timeout) {
        return new ToolDefinition(
                tool.name(),
                tool.description(),
                tool.input(),
                tool.output(),
                tool.sideEffect(),
                tool.idempotency(),
                tool.auth(),
                withTimeout(tool.transport(), timeout),
                tool.digest());
    }

    private static Transport withTimeout(Transport transport, Duration timeout) {
        return switch (transport) {
            case HttpCall(Method method, String url, var _, var placement) ->
                    new HttpCall(method, url, timeout, placement);
            case JavaCall(String name, var _) -> new JavaCall(name, timeout);
            case RunCall run -> run;
        };
    }
}
