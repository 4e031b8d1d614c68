package dev.signalbox.definition;

import dev.signalbox.domain.agent.VersionOrder;
import dev.signalbox.domain.run.DefinitionRef.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Which definitions the steps of workflows run.
///
/// Guarantee: what [#check] has no word against can be pinned one after another: every reference
/// leads somewhere, none leads back, and a tree of runs has an end.
final class ChildReferences {

    /// Most levels of runs, the first included.
    static final int MOST_LEVELS = 8;

    /// A definition of a load.
    record Target(Kind kind, String name, String version) {}

    private final Problems problems;
    private final Map<Kind, Map<String, NavigableSet<String>>> known = new HashMap<>();
    private final Map<Target, List<ChildUse>> uses = new LinkedHashMap<>();
    private final Map<Target, Integer> levels = new HashMap<>();
    private final Set<Place> reported = new HashSet<>();

    ChildReferences(Problems problems) {
        this.problems = problems;
    }

    void add(Target target, List<ChildUse> children) {
        known.computeIfAbsent(target.kind(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(target.name(), _ -> new TreeSet<>(VersionOrder.INSTANCE))
                .add(target.version());
        uses.put(target, children);
    }

    /// @param others uses by tools, which nobody may have yet
    void check(Collection<ChildUse> others) {
        others.forEach(this::checkExists);
        uses.values().forEach(children -> children.forEach(this::checkExists));
        uses.keySet().forEach(target -> levels(target, List.of()));
    }

    /// What the use leads to, if it leads anywhere.
    Optional<Target> target(ChildUse use) {
        NavigableSet<String> versions = versions(use);
        return versions.isEmpty()
                ? Optional.empty()
                : Optional.of(use.version().orElseGet(versions::last))
                        .filter(versions::contains)
                        .map(version -> new Target(use.kind(), use.name(), version));
    }

    private NavigableSet<String> versions(ChildUse use) {
        return known.getOrDefault(use.kind(), Map.of())
                .getOrDefault(use.name(), new TreeSet<>(VersionOrder.INSTANCE));
    }

    private void checkExists(ChildUse use) {
        if (use.name().isEmpty() || target(use).isPresent()) {
            return;
        }
        String kind = Found.word(use.kind());
        String name = "'" + Found.shortened(use.name()) + "'";
        if (versions(use).isEmpty()) {
            problem(
                    use,
                    "no document defines "
                            + Found.article(kind)
                            + " "
                            + name
                            + NearMiss.hint(
                                    use.name(),
                                    known.getOrDefault(use.kind(), Map.of()).keySet()));
        } else {
            problem(
                    use,
                    "no document defines version "
                            + use.version().orElse("")
                            + " of the "
                            + kind
                            + " "
                            + name
                            + "; there is "
                            + String.join(", ", versions(use)));
        }
    }

    /// How many levels of runs begin with one of `target`.
    private int levels(Target target, List<Target> above) {
        Integer found = levels.get(target);
        if (found != null) {
            return found;
        }
        List<Target> path = new ArrayList<>(above);
        path.add(target);
        int deepest = 0;
        for (ChildUse use : uses.getOrDefault(target, List.of())) {
            Optional<Target> child = target(use);
            if (child.isEmpty()) {
                continue;
            }
            if (path.contains(child.get())) {
                problem(
                        use,
                        "nothing can run itself, directly or through others: "
                                + circle(path.subList(path.indexOf(child.get()), path.size())));
                continue;
            }
            int below = levels(child.get(), path);
            if (below >= MOST_LEVELS) {
                problem(use, "leads to more than " + MOST_LEVELS + " levels of runs");
            }
            deepest = Math.max(deepest, below);
        }
        levels.put(target, deepest + 1);
        return deepest + 1;
    }

    private static String circle(List<Target> path) {
        return String.join(
                " → ",
                Stream.concat(path.stream(), Stream.of(path.getFirst()))
                        .map(Target::name)
                        .toList());
    }

    private void problem(ChildUse use, String message) {
        if (reported.add(use.place())) {
            problems.add(use.place(), use.path() + ": " + message);
        }
    }
}
