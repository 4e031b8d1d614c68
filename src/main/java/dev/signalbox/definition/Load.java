package dev.signalbox.definition;

import dev.signalbox.definition.ChildReferences.Target;
import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.definition.Node.Members;
import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef.Kind;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import dev.signalbox.domain.workflow.WorkflowDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// One load under way: documents first, then what they refer to.
final class Load {

    private static final List<String> KINDS =
            List.of("agent", "workflow", "tool", "tools", "policy", "job");

    /// What a run can be of, and the other kind that shares its names.
    private static final Map<String, String> RUNNABLE =
            Map.of("agent", "workflow", "workflow", "agent");

    /// A definition whose references are not looked up yet.
    private record Unpinned<D>(Fields fields, D definition, String policy, List<ToolUse> uses) {}

    private final Checks checks;
    private final Problems problems;
    private final Imports imports;
    private final Map<String, Place> names = new LinkedHashMap<>();
    private final Map<String, ToolDefinition> tools = new LinkedHashMap<>();
    private final Map<String, PolicyDefinition> policies = new LinkedHashMap<>();
    private final List<Unpinned<AgentDefinition>> agents = new ArrayList<>();
    private final List<Unpinned<WorkflowDefinition>> workflows = new ArrayList<>();
    private final ChildReferences children;
    private final Map<String, ChildUse> runs = new HashMap<>();
    private final Map<Target, PinnedDefinition> pinned = new HashMap<>();
    private final Map<Fields, JobDefinition> jobs = new LinkedHashMap<>();
    private final CronExpressions crons;
    private boolean complete = true;

    Load(Checks checks, Imports imports, CronExpressions crons) {
        this.checks = checks;
        this.imports = imports;
        this.crons = crons;
        this.problems = checks.problems();
        this.children = new ChildReferences(problems);
    }

    /// Something could not be read, so that nobody knows what is missing.
    void incomplete() {
        complete = false;
    }

    void add(Node document) {
        if (!(document instanceof Members members)) {
            problems.add(
                    document.place(),
                    "expected a document with 'kind', found " + Found.in(document));
            incomplete();
            return;
        }
        String kind = kind(members);
        switch (kind) {
            case "agent" ->
                    fields(kind, members, AgentReader.FIELDS)
                            .ifPresent(fields -> add(fields, new AgentReader(checks).read(fields)));
            case "workflow" ->
                    fields(kind, members, WorkflowReader.FIELDS)
                            .ifPresent(
                                    fields -> add(fields, new WorkflowReader(checks).read(fields)));
            case "tool" ->
                    fields(kind, members, ToolReader.FIELDS)
                            .ifPresent(fields -> add(fields, new ToolReader(checks).read(fields)));
            case "tools" ->
                    fields(kind, members, ToolsReader.FIELDS)
                            .ifPresent(fields -> add(fields, imported(fields)));
            case "policy" ->
                    fields(kind, members, PolicyReader.FIELDS)
                            .ifPresent(
                                    fields -> add(fields, new PolicyReader(checks).read(fields)));
            case "job" ->
                    fields(kind, members, JobReader.FIELDS)
                            .ifPresent(
                                    fields ->
                                            add(fields, new JobReader(checks, crons).read(fields)));
            default -> incomplete();
        }
    }

    Definitions finish() {
        if (complete) {
            agents.forEach(this::checkReferences);
            workflows.forEach(this::checkReferences);
            agents.forEach(this::addChildren);
            workflows.forEach(this::addChildren);
            children.check(runs.values());
            new JobTargets(checks, agents(), workflows()).check(jobs);
        }
        problems.throwIfAny();
        return new Definitions(
                agents.stream().map(agent -> (PinnedAgent) pin(agent)).toList(),
                workflows.stream().map(workflow -> (PinnedWorkflow) pin(workflow)).toList(),
                tools,
                policies,
                List.copyOf(jobs.values()));
    }

    private List<AgentDefinition> agents() {
        return agents.stream().map(Unpinned::definition).toList();
    }

    private List<WorkflowDefinition> workflows() {
        return workflows.stream().map(Unpinned::definition).toList();
    }

    private void addChildren(Unpinned<?> user) {
        children.add(target(user.definition()), childUses(user));
    }

    /// What an agent's or a workflow's runs may have run for them: by steps, and by tools.
    private List<ChildUse> childUses(Unpinned<?> user) {
        List<ChildUse> uses = new ArrayList<>();
        if (user.definition() instanceof WorkflowDefinition) {
            uses.addAll(StepsReader.childUses(user.fields()));
        }
        user.uses().stream()
                .map(use -> runs.get(use.tool()))
                .filter(Objects::nonNull)
                .forEach(uses::add);
        return uses;
    }

    /// A definition is pinned after all that it has run: its digest covers theirs.
    private PinnedDefinition pin(Unpinned<?> user) {
        PinnedDefinition known = pinned.get(target(user.definition()));
        if (known != null) {
            return known;
        }
        Map<String, Child> used = new LinkedHashMap<>();
        for (ChildUse use : childUses(user)) {
            used.put(Bundles.key(use), child(children.target(use).orElseThrow()));
        }
        PinnedDefinition done =
                switch (user.definition()) {
                    case AgentDefinition agent ->
                            Bundles.pin(agent, tools(user), policy(user), used);
                    case WorkflowDefinition workflow ->
                            Bundles.pin(workflow, tools(user), policy(user), used);
                    default -> throw new IllegalStateException("nothing runs of it");
                };
        pinned.put(target(user.definition()), done);
        return done;
    }

    private Child child(Target target) {
        Unpinned<?> child =
                Stream.<Unpinned<?>>concat(agents.stream(), workflows.stream())
                        .filter(one -> target(one.definition()).equals(target))
                        .findFirst()
                        .orElseThrow();
        PinnedDefinition done = pin(child);
        return new Child(
                done.ref(),
                child.definition() instanceof AgentDefinition agent
                        ? agent.input()
                        : ((WorkflowDefinition) child.definition()).input(),
                done.limits().budget().min(Budget.runs(done.mostRuns())));
    }

    private static Target target(Object definition) {
        return switch (definition) {
            case AgentDefinition agent -> new Target(Kind.AGENT, agent.name(), agent.version());
            case WorkflowDefinition workflow ->
                    new Target(Kind.WORKFLOW, workflow.name(), workflow.version());
            default -> throw new IllegalStateException("nothing runs of it");
        };
    }

    private Optional<Fields> fields(String kind, Members members, String... known) {
        return Fields.of(kind, members, problems, known);
    }

    /// The document's kind; empty text, with its problem, if it has none that is known.
    private String kind(Members document) {
        String expected = Found.alternatives(KINDS);
        Node.Member member = document.members().get("kind");
        if (member == null) {
            problems.add(document.place(), "'kind' is missing; expected " + expected);
            return "";
        }
        Node kind = member.value();
        String name = kind instanceof Leaf(JsonText(String text), _) ? text : "";
        if (KINDS.contains(name)) {
            return name;
        }
        problems.add(
                kind.place(),
                "kind: expected "
                        + expected
                        + ", found "
                        + Found.in(kind)
                        + NearMiss.hint(name, KINDS));
        return "";
    }

    private void add(Fields fields, AgentDefinition agent) {
        if (isNew(fields, "agent", agent.name(), agent.version())) {
            List<ToolUse> uses = new ArrayList<>();
            fields.texts("tools", "tool name")
                    .forEach((tool, place) -> uses.add(new ToolUse(tool, place, "agent.tools")));
            agents.add(new Unpinned<>(fields, agent, agent.policy(), uses));
        }
    }

    private void add(Fields fields, WorkflowDefinition workflow) {
        if (isNew(fields, "workflow", workflow.name(), workflow.version())) {
            workflows.add(
                    new Unpinned<>(
                            fields, workflow, workflow.policy(), StepsReader.toolUses(fields)));
        }
    }

    private void add(Fields fields, ToolDefinition tool) {
        if (isNew(fields, "tool", tool.name(), "")) {
            tools.put(tool.name(), tool);
            if (tool.transport() instanceof RunCall run) {
                String field = Found.word(run.kind());
                runs.put(
                        tool.name(),
                        new ChildUse(
                                Child.kind(run),
                                run.name(),
                                run.version(),
                                fields.place(field),
                                fields.path(field)));
            }
        }
    }

    /// Without all of them nobody knows which tools are missing.
    private List<ToolDefinition> imported(Fields fields) {
        int before = problems.list().size();
        List<ToolDefinition> imported = new ToolsReader(checks, imports).read(fields);
        if (problems.list().size() > before) {
            incomplete();
        }
        return imported;
    }

    private void add(Fields fields, List<ToolDefinition> imported) {
        for (ToolDefinition tool : imported) {
            if (isNew(fields, "tool", tool.name(), "")) {
                tools.put(tool.name(), tool);
            }
        }
    }

    private void add(Fields fields, PolicyDefinition policy) {
        if (isNew(fields, "policy", policy.name(), "")) {
            policies.put(policy.name(), policy);
        }
    }

    private void add(Fields fields, JobDefinition job) {
        if (isNew(fields, "job", job.name(), "")) {
            jobs.put(fields, job);
        }
    }

    private boolean isNew(Fields fields, String kind, String name, String version) {
        if (name.isEmpty()) {
            incomplete();
            return false;
        }
        String full = kind + " '" + name + (version.isEmpty() ? "'" : "' " + version);
        Place earlier = names.putIfAbsent(full, fields.place("name"));
        if (earlier != null) {
            fields.problem("name", full + " is defined twice; first at " + earlier);
            return false;
        }
        String other = RUNNABLE.getOrDefault(kind, kind) + " '" + name;
        names.entrySet().stream()
                .filter(known -> RUNNABLE.containsKey(kind))
                .filter(known -> known.getKey().startsWith(other + "'"))
                .findFirst()
                .ifPresent(
                        known ->
                                fields.problem(
                                        "name",
                                        "'"
                                                + name
                                                + "' names "
                                                + Found.article(RUNNABLE.getOrDefault(kind, ""))
                                                + " too, at "
                                                + known.getValue()
                                                + "; expected a name of its own"));
        return true;
    }

    private void checkReferences(Unpinned<?> user) {
        for (ToolUse use : user.uses()) {
            if (!tools.containsKey(use.tool())) {
                problems.add(
                        use.place(),
                        use.path()
                                + ": no document defines a tool '"
                                + Found.shortened(use.tool())
                                + "'"
                                + NearMiss.hint(use.tool(), tools.keySet()));
            }
        }
        String policy = user.policy();
        if (!policy.isEmpty() && !policies.containsKey(policy)) {
            user.fields()
                    .problem(
                            "policy",
                            "no document defines a policy '"
                                    + policy
                                    + "'"
                                    + NearMiss.hint(policy, policies.keySet()));
        }
    }

    private Map<String, ToolDefinition> tools(Unpinned<?> user) {
        Map<String, ToolDefinition> used = new LinkedHashMap<>();
        for (ToolUse use : user.uses()) {
            used.put(use.tool(), Optional.ofNullable(tools.get(use.tool())).orElseThrow());
        }
        return used;
    }

    private PolicyDefinition policy(Unpinned<?> user) {
        return Optional.ofNullable(policies.get(user.policy())).orElseThrow();
    }
}
