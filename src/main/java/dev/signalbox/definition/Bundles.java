package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import java.util.stream.Stream;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.workflow.WorkflowDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Pinned definitions as one JSON value: `{digest, agent | workflow, tools, policy, children}`.
///
/// The digest is that of the canonical text of everything else in the bundle. Consequence: a bundle
/// proves that it is what a run pinned, whatever later versions write by default.
final class Bundles {

    private static final String DIGEST = "digest";
    private static final String AGENT = "agent";
    private static final String WORKFLOW = "workflow";
    private static final String CHILDREN = "children";

    private final Checks checks;

    Bundles(Checks checks) {
        this.checks = checks;
    }

    static PinnedAgent pin(
            AgentDefinition agent,
            Map<String, ToolDefinition> tools,
            PolicyDefinition policy,
            Map<String, Child> children) {
        Digest digest = contents(AGENT, Documents.of(agent), tools, policy, children).digest();
        return new PinnedAgent(digest, agent, tools, policy, children);
    }

    static PinnedWorkflow pin(
            WorkflowDefinition workflow,
            Map<String, ToolDefinition> tools,
            PolicyDefinition policy,
            Map<String, Child> children) {
        Digest digest =
                contents(WORKFLOW, Documents.of(workflow), tools, policy, children).digest();
        return new PinnedWorkflow(digest, workflow, tools, policy, children);
    }

    static JsonObject of(PinnedDefinition definition) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(DIGEST, Json.text(definition.digest().value()));
        members.putAll(contents(definition).members());
        return new JsonObject(members);
    }

    private static JsonObject contents(PinnedDefinition definition) {
        return switch (definition) {
            case PinnedAgent agent ->
                    contents(
                            AGENT,
                            Documents.of(agent.agent()),
                            agent.tools(),
                            agent.policy(),
                            agent.children());
            case PinnedWorkflow workflow ->
                    contents(
                            WORKFLOW,
                            Documents.of(workflow.workflow()),
                            workflow.tools(),
                            workflow.policy(),
                            workflow.children());
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
                        "policy",
                        CHILDREN);
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
        Map<String, Child> children = children(fields, List.of(), tools);
        return agent.isPresent() && policy.isPresent()
                ? Optional.of(
                        new PinnedAgent(digest, agent.get(), tools, policy.get(), children))
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
        Map<String, Child> children =
                children(
                        fields, own.map(StepsReader::childUses).orElse(List.of()), tools);
        return workflow.isPresent() && policy.isPresent()
                ? Optional.of(
                        new PinnedWorkflow(
                                digest, workflow.get(), tools, policy.get(), children))
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

    /// How a step or a tool names what it runs.
    static String key(ChildUse use) {
        return Child.key(use.kind(), use.name(), use.version());
    }

    private static JsonObject of(String key, Child child) {
        DefinitionRef ref = child.ref();
        return new Documents.Document()
                .with("as", key)
                .with(Found.word(ref.kind()), ref.name())
                .with("version", ref.version())
                .with(DIGEST, ref.digest().value())
                .with("input", child.input())
                .with("limits", Documents.of(child.limits()))
                .json();
    }

    /// The children of a bundle, which are those of its steps and tools.
    private Map<String, Child> children(
            Fields fields, List<ChildUse> steps, Map<String, ToolDefinition> tools) {
        Map<String, Child> children = children(fields);
        List<String> used =
                Stream.concat(
                                steps.stream().map(Bundles::key),
                                tools.values().stream().flatMap(Bundles::keys))
                        .distinct()
                        .toList();
        if (!List.copyOf(children.keySet()).equals(used)) {
            fields.problem(CHILDREN, "the bundle's children are not those of the definition");
        }
        return children;
    }

    private static Stream<String> keys(ToolDefinition tool) {
        return tool.transport() instanceof RunCall run
                ? Stream.of(Child.key(run))
                : Stream.empty();
    }

    private Map<String, Child> children(Fields fields) {
        Map<String, Child> children = new LinkedHashMap<>();
        if (fields.has(CHILDREN)) {
            for (Node item : fields.items(CHILDREN, "a list of definitions")) {
                Fields.of(
                                item.place().source(),
                                item,
                                checks.problems(),
                                "as",
                                AGENT,
                                WORKFLOW,
                                "version",
                                DIGEST,
                                "input",
                                "limits")
                        .ifPresent(child -> children.put(as(child), child(child)));
            }
        }
        return children;
    }

    private static String as(Fields child) {
        return child.requiredText("as", "how steps name it");
    }

    private Child child(Fields child) {
        DefinitionRef.Kind kind =
                child.has(AGENT) ? DefinitionRef.Kind.AGENT : DefinitionRef.Kind.WORKFLOW;
        return new Child(
                new DefinitionRef(
                        kind,
                        checks.name(child, Found.word(kind)),
                        checks.version(child),
                        digest(child)),
                child.node("input").map(node -> checks.schema(child, "input", node)),
                child.object("limits", LimitsReader.OF_CHILDREN)
                        .map(LimitsReader::ofChild)
                        .orElse(Budget.NONE));
    }

    private static Digest digest(Fields child) {
        String text = child.requiredText(DIGEST, "the digest of the definition");
        return Digest.find(text)
                .orElseGet(
                        () -> {
                            child.problem(DIGEST, "expected a digest");
                            return Digest.of("");
                        });
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
            PolicyDefinition policy,
            Map<String, Child> children) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put(kind, definition);
        members.put(
                "tools",
                new JsonArray(
                        tools.values().stream().<Json>map(tool -> Documents.of(tool)).toList()));
        members.put("policy", Documents.of(policy));
        if (!children.isEmpty()) {
            members.put(
                    CHILDREN,
                    new JsonArray(
                            children.entrySet().stream()
                                    .<Json>map(child -> of(child.getKey(), child.getValue()))
                                    .toList()));
        }
        return new JsonObject(members);
    }
}
