package dev.signalbox.domain.run;

import dev.signalbox.domain.run.Steps.Done;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finished steps by id, as a map that grows without copying.
///
/// Guarantee: adding and finding cost the same however many steps there are, and what is added to
/// one map is not in another. (A trie over the ids' hashes, sixteen ways at each level.)
public final class FinishedSteps {

    public static final FinishedSteps NONE = new FinishedSteps(null, 0);

    private static final int BITS = 4;
    private static final int MASK = (1 << BITS) - 1;

    private sealed interface Node {
        record Leaf(int hash, Done step, @Nullable Leaf next) implements Node {}

        @SuppressWarnings("ArrayRecordComponent") // never handed out, never changed once linked
        record Fork(@Nullable Node[] branches) implements Node {}
    }

    private final @Nullable Node root;
    private final int size;

    private FinishedSteps(@Nullable Node root, int size) {
        this.root = root;
        this.size = size;
    }

    public static FinishedSteps of(Iterable<Done> steps) {
        FinishedSteps finished = NONE;
        for (Done step : steps) {
            finished = finished.plus(step);
        }
        return finished;
    }

    /// With one more, which must not be there yet.
    FinishedSteps plus(Done step) {
        Node.Leaf leaf = new Node.Leaf(hash(step.step()), step, null);
        return new FinishedSteps(root == null ? leaf : with(root, leaf, 0), size + 1);
    }

    public int size() {
        return size;
    }

    public Optional<Done> find(String id) {
        int hash = hash(id);
        Node node = root;
        for (int shift = 0; node instanceof Node.Fork(var branches); shift += BITS) {
            node = branches[hash >>> shift & MASK];
        }
        for (Node.Leaf leaf = (Node.Leaf) node; leaf != null; leaf = leaf.next()) {
            if (leaf.step().step().equals(id)) {
                return Optional.of(leaf.step());
            }
        }
        return Optional.empty();
    }

    /// All of them, as they finished.
    public List<Done> inOrder() {
        List<Done> steps = new ArrayList<>(size);
        collect(root, steps);
        steps.sort(Comparator.comparingInt(Done::number));
        return List.copyOf(steps);
    }

    private static Node with(Node node, Node.Leaf added, int shift) {
        return switch (node) {
            case Node.Fork(var branches) -> {
                int way = added.hash() >>> shift & MASK;
                @Nullable Node[] copy = branches.clone();
                Node below = copy[way];
                copy[way] = below == null ? added : with(below, added, shift + BITS);
                yield new Node.Fork(copy);
            }
            case Node.Leaf leaf when leaf.hash() == added.hash() ->
                    new Node.Leaf(added.hash(), added.step(), leaf);
            case Node.Leaf leaf -> {
                @Nullable Node[] branches = new @Nullable Node[MASK + 1];
                branches[leaf.hash() >>> shift & MASK] = leaf;
                yield with(new Node.Fork(branches), added, shift);
            }
        };
    }

    private static void collect(@Nullable Node node, List<Done> steps) {
        switch (node) {
            case Node.Fork(var branches) -> {
                for (Node branch : branches) {
                    collect(branch, steps);
                }
            }
            case Node.Leaf(var _, Done step, Node.Leaf next) -> {
                steps.add(step);
                collect(next, steps);
            }
            case null -> {}
        }
    }

    private static int hash(String id) {
        int hash = id.hashCode() * 0x9E3779B9;
        return hash ^ hash >>> 16;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FinishedSteps that && inOrder().equals(that.inOrder());
    }

    @Override
    public int hashCode() {
        return inOrder().hashCode();
    }

    @Override
    public String toString() {
        return inOrder().toString();
    }
}
