package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.retention.Keep;
import dev.signalbox.domain.retention.LegalHold;
import dev.signalbox.domain.retention.RetentionRule;
import dev.signalbox.domain.retention.RetentionRules;
import dev.signalbox.domain.retention.RetentionRules.Terms;
import dev.signalbox.domain.retention.RetentionTerms;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.Lineage.BranchPoint;
import dev.signalbox.store.Retention.Batch;
import dev.signalbox.store.Retention.Place;
import dev.signalbox.store.Retention.Round;
import dev.signalbox.store.RunChange.Next;
import dev.signalbox.store.memory.MemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Of any forest of runs, exactly the trees go that the rules let go, each with all its tombstones.
class RetentionPropertyTest {

    private static final Duration BEYOND = Duration.ofHours(1);
    private static final Map<String, Terms> SAID =
            Map.of(
                    "silent", new Terms("1.0.0", RetentionTerms.NONE),
                    "forever", new Terms("1.0.0", failed(new Keep.Forever())),
                    "brief", new Terms("1.0.0", failed(new Keep.Lasting(Duration.ZERO))),
                    "long", new Terms("1.0.0", failed(new Keep.Lasting(Duration.ofDays(30)))));
    private static final List<String> DEFINITIONS = List.of("silent", "forever", "brief", "long");
    private static final RetentionRules RULES =
            new RetentionRules(SAID, failed(new Keep.Lasting(Duration.ZERO)));

    private static RetentionTerms failed(Keep keep) {
        return new RetentionTerms(Optional.empty(), Optional.of(keep), Optional.empty());
    }

    /// A run of the forest, and what the test knows of it.
    private record Node(
            TestRun run,
            String definition,
            Optional<Node> parent,
            Optional<Node> origin,
            boolean over) {
        Node root() {
            return parent.map(Node::root).orElse(this);
        }
    }

    private MemoryDatabase stores = new MemoryDatabase(Instant::now);

    @Property(tries = 200)
    void exactlyWhatMayGoGoes(
            @ForAll Random random, @ForAll @IntRange(min = 1, max = 30) int size) {
        stores = new MemoryDatabase(() -> Instant.now().plus(BEYOND));
        List<Node> forest = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            forest.add(grown(forest, random));
        }
        Set<Node> held =
                Set.copyOf(
                        forest.stream()
                                .filter(node -> node.parent().isEmpty() && random.nextInt(6) == 0)
                                .toList());
        held.forEach(this::hold);

        for (RetentionRule rule : RULES.rules()) {
            prune(rule, 1 + random.nextInt(5));
        }

        for (Node node : forest) {
            boolean gone = mayGo(forest, held, node.root());
            assertThat(StoreContract.get(stores.runs().find(node.run().id())).isEmpty())
                    .isEqualTo(gone);
            assertThat(StoreContract.get(stores.retention().tombstone(node.run().id())).isPresent())
                    .isEqualTo(gone);
        }
    }

    private static boolean mayGo(List<Node> forest, Set<Node> held, Node root) {
        return !held.contains(root)
                && Set.of("silent", "brief").contains(root.definition())
                && forest.stream()
                        .filter(node -> node.root().equals(root))
                        .allMatch(
                                node ->
                                        node.over()
                                                && Set.of("silent", "brief")
                                                        .contains(node.definition())
                                                && forest.stream()
                                                        .filter(
                                                                other ->
                                                                        other.origin()
                                                                                .filter(
                                                                                        node
                                                                                                ::equals)
                                                                                .isPresent())
                                                        .allMatch(
                                                                branch ->
                                                                        branch.over()
                                                                                && !held.contains(
                                                                                        branch)));
    }

    private Node grown(List<Node> forest, Random random) {
        Optional<Node> other =
                forest.isEmpty()
                        ? Optional.empty()
                        : Optional.of(forest.get(random.nextInt(forest.size())));
        boolean branches = random.nextInt(5) == 0;
        Optional<Node> parent = other.filter(_ -> !branches && random.nextInt(2) == 0);
        Optional<Node> origin = other.filter(_ -> branches);
        String definition = DEFINITIONS.get(random.nextInt(DEFINITIONS.size()));
        TestRun run =
                TestRun.of(
                        "tenant",
                        definition,
                        id ->
                                parent.map(node -> node.run().lineage().childOf(node.run().id()))
                                        .orElseGet(
                                                () ->
                                                        new Lineage(
                                                                id,
                                                                Optional.empty(),
                                                                origin.map(
                                                                        node ->
                                                                                new BranchPoint(
                                                                                        node.run()
                                                                                                .id(),
                                                                                        1)),
                                                                Optional.empty())));
        StoreContract.get(stores.runs().create(run.submission()));
        boolean over = random.nextInt(8) > 0;
        if (over) {
            Lease lease =
                    StoreContract.get(
                                    stores.leases()
                                            .claim(run.id(), "worker", Duration.ofMinutes(1)))
                            .orElseThrow()
                            .lease();
            StoreContract.get(
                    stores.runs().append(lease, run.change(new Next.End(), TestRun.failed())));
        }
        return new Node(run, definition, parent, origin, over);
    }

    private void hold(Node root) {
        Actor auditor = new Actor("ada", Actor.Plane.OPERATOR, "tenant", Set.of("auditor"));
        StoreContract.get(
                stores.holds()
                        .place(
                                new LegalHold(
                                        root.run().id(), "tenant", "ada", "case", Instant.now()),
                                StoreContract.audit(
                                        auditor, "run.legal_hold", Optional.of(root.run().id()))));
    }

    private void prune(RetentionRule rule, int most) {
        Optional<Place> after = Optional.empty();
        do {
            Batch.Removed batch =
                    (Batch.Removed)
                            StoreContract.get(
                                    stores.retention()
                                            .prune(
                                                    new Round(
                                                            "pruner",
                                                            Duration.ZERO,
                                                            rule,
                                                            RULES,
                                                            after,
                                                            most)));
            after = batch.next();
        } while (after.isPresent());
    }
}
