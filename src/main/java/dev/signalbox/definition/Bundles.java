package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.tool.ToolDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pinned agents as one JSON value: `{digest, agent, tools, policy}`.
///
/// The digest is that of the canonical text of everything else in the bundle. Consequence: a bundle
/// proves that it is what a run pinned, whatever later versions write by default.
final class Bundles {

    private static final String DIGEST = "digest";

    private final Checks checks;

    Bundles(Checks checks) {
        this.checks = checks;
    }

    static PinnedAgent pin(
            AgentDefinition agent, Map<String, ToolDefinition> tools, PolicyDefinition policy) {
        return new PinnedAgent(contents(agent, tools, policy).digest(), agent, tools, policy);
    }

    static JsonObject of(PinnedAgent agent) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(DIGEST, Json.text(agent.digest().value()));
        members.putAll(contents(agent.agent(), agent.tools(), agent.policy()).members());
        return new JsonObject(members);
    }

    PinnedAgent read(Json bundle) {
        Node node = Node.of(bundle, "bundle");
        Optional<Fields> fields =
                Fields.of("bundle", node, checks.problems(), DIGEST, "agent", "tools", "policy");
        Optional<PinnedAgent> agent = fields.flatMap(this::agent);
        checks.problems().throwIfAny();
        return agent.orElseThrow();
    }

    private Optional<PinnedAgent> agent(Fields fields) {
        Optional<AgentDefinition> agent =
                fields.requiredObject("agent", AgentReader.FIELDS)
                        .map(new AgentReader(checks)::read);
        Optional<PolicyDefinition> policy =
                fields.requiredObject("policy", PolicyReader.FIELDS)
                        .map(new PolicyReader(checks)::read)
                        .map(read -> Documents.withDigest(read, digest(fields, "policy")));
        fields.required("tools", "a list of tools");
        Map<String, ToolDefinition> tools = tools(fields);
        Digest digest = digestOfTheRest(fields);
        String named = fields.requiredText(DIGEST, "the digest of the rest");
        if (!named.isEmpty() && !named.equals(digest.value())) {
            fields.problem(DIGEST, "the bundle is not what its digest names");
        }
        if (agent.isPresent()
                && (!List.copyOf(tools.keySet()).equals(agent.get().tools())
                        || !policy.map(PolicyDefinition::name)
                                .equals(Optional.of(agent.get().policy())))) {
            fields.problem("agent", "the bundle's tools and policy are not those of the agent");
        }
        return agent.isPresent() && policy.isPresent()
                ? Optional.of(new PinnedAgent(digest, agent.get(), tools, policy.get()))
                : Optional.empty();
    }

    private Map<String, ToolDefinition> tools(Fields fields) {
        Map<String, ToolDefinition> tools = new LinkedHashMap<>();
        for (Node item : fields.items("tools", "a list of tools")) {
            Fields.of(item.place().source(), item, checks.problems(), ToolReader.FIELDS)
                    .map(new ToolReader(checks)::read)
                    .map(tool -> Documents.withDigest(tool, item.json().digest()))
                    .ifPresent(tool -> tools.put(tool.name(), tool));
        }
        return tools;
    }

    private static Digest digest(Fields fields, String field) {
        return fields.node(field).map(Node::json).map(Json::digest).orElse(Digest.of(""));
    }

    private static Digest digestOfTheRest(Fields fields) {
        Map<String, Json> rest = new LinkedHashMap<>(fields.json().members());
        rest.remove(DIGEST);
        return new JsonObject(rest).digest();
    }

    private static JsonObject contents(
            AgentDefinition agent, Map<String, ToolDefinition> tools, PolicyDefinition policy) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("agent", Documents.of(agent));
        members.put(
                "tools",
                new JsonArray(
                        tools.values().stream().<Json>map(tool -> Documents.of(tool)).toList()));
        members.put("policy", Documents.of(policy));
        return new JsonObject(members);
    }
}
