package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import dev.signalbox.domain.workflow.WorkflowDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pinned definitions as one JSON value: `{digest, agent | workflow, tools, policy}`.
///
/// The digest is that of the canonical text of everything else in the bundle. Consequence: a bundle
/// proves that it is what a run pinned, whatever later versions write by default.
final class Bundles {

    private static final String DIGEST = "digest";
    private static final String AGENT = "agent";
    private static final String WORKFLOW = "workflow";

    private final Checks checks;

    Bundles(Checks checks) {
        this.checks = checks;
    }

    static PinnedAgent pin(
            AgentDefinition agent, Map<String, ToolDefinition> tools, PolicyDefinition policy) {
        Digest digest = contents(AGENT, Documents.of(agent), tools, policy).digest();
        return new PinnedAgent(digest, agent, tools, policy);
    }

    static PinnedWorkflow pin(
            WorkflowDefinition workflow,
            Map<String, ToolDefinition> tools,
            PolicyDefinition policy) {
        Digest digest = contents(WORKFLOW, Documents.of(workflow), tools, policy).digest();
        return new PinnedWorkflow(digest, workflow, tools, policy);
    }

    static JsonObject of(PinnedDefinition definition) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(DIGEST, Json.text(definition.digest().value()));
        members.putAll(contents(definition).members());
        return new JsonObject(members);
    }

    private static JsonObject contents(PinnedDefinition definition) {
        return switch (definition) {
            case PinnedAgent(var _, AgentDefinition agent, var tools, PolicyDefinition policy) ->
                    contents(AGENT, Documents.of(agent), tools, policy);
            case PinnedWorkflow workflow ->
                    contents(
                            WORKFLOW,
                            Documents.of(workflow.workflow()),
                            workflow.tools(),
                            workflow.policy());
            default ->
                    throw new IllegalArgumentException(
                            "no document says " + definition.getClass().getSimpleName());
        };
    }

    PinnedDefinition read(Json bundle) {
        Node node = Node.of(bundle, "bundle");
        Optional<Fields> fields =
                Fields.of(
                        "bundle",
                        node,
                        checks.problems(),
                        DIGEST,
                        AGENT,
                        WORKFLOW,
                        "tools",
                        "policy");
        Optional<PinnedDefinition> definition = fields.flatMap(this::definition);
        checks.problems().throwIfAny();
        return definition.orElseThrow();
    }

    private Optional<PinnedDefinition> definition(Fields fields) {
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
        return fields.has(WORKFLOW)
                ? workflow(fields, digest, tools, policy)
                : agent(fields, digest, tools, policy);
    }

    private Optional<PinnedDefinition> agent(
            Fields fields,
            Digest digest,
            Map<String, ToolDefinition> tools,
            Optional<PolicyDefinition> policy) {
        Optional<AgentDefinition> agent =
                fields.requiredObject(AGENT, AgentReader.FIELDS)
                        .map(new AgentReader(checks)::read);
        agent.ifPresent(read -> checkOwn(fields, AGENT, read.tools(), tools, read.policy(), policy));
        return agent.isPresent() && policy.isPresent()
                ? Optional.of(new PinnedAgent(digest, agent.get(), tools, policy.get()))
                : Optional.empty();
    }

    private Optional<PinnedDefinition> workflow(
            Fields fields,
            Digest digest,
            Map<String, ToolDefinition> tools,
            Optional<PolicyDefinition> policy) {
        Optional<Fields> own = fields.requiredObject(WORKFLOW, WorkflowReader.FIELDS);
        Optional<WorkflowDefinition> workflow = own.map(new WorkflowReader(checks)::read);
        workflow.ifPresent(
                read ->
                        checkOwn(
                                fields,
                                WORKFLOW,
                                StepsReader.toolUses(own.orElseThrow()).stream()
                                        .map(ToolUse::tool)
                                        .distinct()
                                        .toList(),
                                tools,
                                read.policy(),
                                policy));
        return workflow.isPresent() && policy.isPresent()
                ? Optional.of(new PinnedWorkflow(digest, workflow.get(), tools, policy.get()))
                : Optional.empty();
    }

    private static void checkOwn(
            Fields fields,
            String kind,
            List<String> used,
            Map<String, ToolDefinition> tools,
            String policyName,
            Optional<PolicyDefinition> policy) {
        if (!List.copyOf(tools.keySet()).equals(used)
                || !policy.map(PolicyDefinition::name).equals(Optional.of(policyName))) {
            fields.problem(kind, "the bundle's tools and policy are not those of the " + kind);
        }
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
            String kind,
            JsonObject definition,
            Map<String, ToolDefinition> tools,
            PolicyDefinition policy) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(kind, definition);
        members.put(
                "tools",
                new JsonArray(
                        tools.values().stream().<Json>map(tool -> Documents.of(tool)).toList()));
        members.put("policy", Documents.of(policy));
        return new JsonObject(members);
    }
}
