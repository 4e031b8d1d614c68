package dev.signalbox.domain.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.plan.Allotment.Grant;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.Budget.Kind;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.domain.tool.ToolDefinition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Whatever a tree of runs does, and in whatever order: it never uses more than its root may, and
/// nothing is promised twice.
class BudgetPropertyTest {

    private static final Digest VALUE = Digest.of("value");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int MOST_RUNS = 60;

    private final List<Node> tree = new ArrayList<>();
    private Random random = new Random(0);
    private Instant now = START;

    /// A run of the tree: an agent, or a workflow that has runs below it.
    private final class Node {
        private final RunId id = new RunId(new UUID(7, tree.size() + 1));
        private final Optional<Node> parent;
        private final Definition definition;
        private RunState state;
        private long seq = 1;

        Node(Optional<Node> parent, Definition definition, Optional<Budget> granted) {
            this.parent = parent;
            this.definition = definition;
            RunIdentity identity =
                    new RunIdentity(
                            id,
                            definition.ref(),
                            "default",
                            "someone",
                            Map.of(),
                            5,
                            VALUE,
                            Optional.empty(),
                            Lineage.rootOf(id),
                            "0af7651916cd43dd8448eb211c80319c",
                            Optional.empty(),
                            now);
            state = RunFold.begin(new Placed(1, now, new RunEvent.RunSubmitted(identity, granted)));
            add(new RunEvent.RunStarted("worker", Optional.of((long) MOST_RUNS)));
            tree.add(this);
        }

        void add(RunEvent event) {
            seq++;
            state = RunFold.evolve(state, new Placed(seq, now, event));
        }

        Budget total() {
            return state.progress().ledger().total(definition.limits().budget());
        }

        boolean isOpen() {
            return state instanceof Running;
        }
    }

    private record Definition(DefinitionRef ref, Limits limits) implements PinnedDefinition {
        @Override
        public Map<String, ToolDefinition> tools() {
            return Map.of();
        }

        @Override
        public Map<String, Child> children() {
            return Map.of();
        }

        @Override
        public PolicyDefinition policy() {
            return new PolicyDefinition("p", Verdict.DENY, List.of(), List.of(), List.of(), VALUE);
        }

        @Override
        public List<Action> plan(Running run, Set<EffectId> inFlight, Instant at) {
            return List.of();
        }
    }

    @Property(tries = 300)
    void noTreeUsesMoreThanItsRootMay(@ForAll long seed) {
        random = new Random(seed);
        tree.clear();
        now = START;
        new Node(Optional.empty(), definition(DefinitionRef.Kind.WORKFLOW), Optional.empty());

        for (int move = 0; move < 200; move++) {
            now = now.plusSeconds(random.nextInt(5));
            Node node = tree.get(random.nextInt(tree.size()));
            if (node.isOpen()) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> begin(node);
                    case 3, 4, 5 -> ask(node);
                    case 6 -> end(node);
                    default -> raise(node);
                }
            }
            check();
        }
    }

    private Definition definition(DefinitionRef.Kind kind) {
        return new Definition(
                new DefinitionRef(kind, "some", "1.0.0", VALUE),
                new Limits(
                        random.nextInt(4) == 0 && kind == DefinitionRef.Kind.WORKFLOW
                                ? Optional.empty()
                                : Optional.of(1 + random.nextInt(12)),
                        10,
                        random.nextBoolean()
                                ? Optional.empty()
                                : Optional.of(1L + random.nextInt(100)),
                        Optional.empty(),
                        Optional.empty(),
                        1000));
    }

    /// A workflow wants a child.
    private void begin(Node node) {
        if (node.definition.ref().kind() != DefinitionRef.Kind.WORKFLOW) {
            return;
        }
        Definition wanted =
                definition(
                        random.nextInt(3) == 0
                                ? DefinitionRef.Kind.WORKFLOW
                                : DefinitionRef.Kind.AGENT);
        Grant grant =
                Allotment.of(node.definition, node.state.progress(), now)
                        .child(
                                new Child(
                                        wanted.ref(),
                                        Optional.empty(),
                                        wanted.limits().budget().min(Budget.runs(5))),
                                false);
        if (grant instanceof Grant.Begin(Budget budget)) {
            Node child = new Node(Optional.of(node), wanted, Optional.of(budget));
            node.add(new RunEvent.StepStarted(step(child), VALUE));
            node.add(
                    new RunEvent.ChildStarted(
                            effect(child),
                            step(child),
                            child.id,
                            wanted.ref(),
                            VALUE,
                            Optional.of(budget)));
        }
    }

    /// An agent asks its model, as often as it may.
    private void ask(Node node) {
        if (node.definition.ref().kind() == DefinitionRef.Kind.AGENT
                && Allotment.of(node.definition, node.state.progress(), now).modelCall()) {
            EffectId effect =
                    EffectId.modelCall(node.id, node.state.progress().usage().modelCalls() + 1);
            node.add(new RunEvent.ModelRequested(effect, 1, "scripted", "script"));
            node.add(
                    new RunEvent.ModelCompleted(
                            effect,
                            Optional.of(VALUE),
                            List.of(),
                            new TokenUsage(random.nextInt(9), random.nextInt(9)),
                            Optional.of(BigDecimal.ZERO),
                            "script",
                            "stop",
                            true));
        }
    }

    /// A run ends, with children under way or without; its parent hears of it at once.
    private void end(Node node) {
        if (node.parent.isEmpty() || !node.parent.get().isOpen()) {
            return;
        }
        Budget used = Allotment.used(node.state.progress(), now);
        node.add(new RunEvent.RunCancelled("someone", "enough"));
        node.parent
                .get()
                .add(
                        new RunEvent.ChildSettled(
                                effect(node),
                                node.id,
                                RunStatus.CANCELLED,
                                Optional.empty(),
                                Optional.empty(),
                                node.state.progress().usage(),
                                Optional.of(used)));
    }

    /// Somebody lets a run use more: from the root down, and no further than the first that has
    /// ended.
    private void raise(Node node) {
        List<Node> path = new ArrayList<>(List.of(node));
        while (path.getFirst().parent.isPresent()) {
            path.addFirst(path.getFirst().parent.get());
        }
        Budget more = Budget.modelCall();
        for (int index = 0; index < path.size() && path.get(index).isOpen(); index++) {
            Optional<RunId> below =
                    index + 1 < path.size() ? Optional.of(path.get(index + 1).id) : Optional.empty();
            path.get(index)
                    .add(new RunEvent.BudgetRaised(node.id, below, more, now, "lead", "because"));
        }
    }

    private void check() {
        for (Node node : tree) {
            Budget used = Allotment.used(node.state.progress(), now);
            if (node.isOpen()) {
                assertThat(List.of(Kind.MODEL_CALLS, Kind.RUNS))
                        .allSatisfy(
                                kind ->
                                        assertThat(used.amount(kind).orElse(BigDecimal.ZERO))
                                                .as("%s of %s", kind, node.total())
                                                .isLessThanOrEqualTo(
                                                        node.total()
                                                                .amount(kind)
                                                                .orElse(BigDecimal.TEN.pow(9))));
            }
        }
        Node root = tree.getFirst();
        long asked =
                tree.stream().mapToLong(node -> node.state.progress().usage().modelCalls()).sum();
        assertThat(asked).isLessThanOrEqualTo(root.total().modelCalls().orElse(Long.MAX_VALUE));
        assertThat(tree.size() - 1).isLessThanOrEqualTo(MOST_RUNS);
    }

    private static String step(Node child) {
        return "s" + child.id.value().getLeastSignificantBits();
    }

    private static EffectId effect(Node child) {
        return EffectId.toolCall(
                child.parent.orElseThrow().id, (int) child.id.value().getLeastSignificantBits());
    }
}
