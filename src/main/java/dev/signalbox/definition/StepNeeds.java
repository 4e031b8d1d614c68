package dev.signalbox.definition;

import dev.signalbox.domain.workflow.WorkflowStep;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the steps of one workflow need, while they are read.
final class StepNeeds {

    private static final int MAX_SHOWN = 8;

    private final Problems problems;
    private final Map<String, List<String>> needs = new LinkedHashMap<>();
    private final Map<String, Fields> places = new HashMap<>();

    StepNeeds(Problems problems) {
        this.problems = problems;
    }

    void add(Fields fields, WorkflowStep step, Collection<String> ids) {
        if (step.id().isEmpty() || needs.containsKey(step.id())) {
            return;
        }
        List<String> known = new ArrayList<>();
        fields.texts("needs", "step id")
                .forEach(
                        (id, place) -> {
                            if (ids.contains(id)) {
                                known.add(id);
                            } else {
                                problems.add(
                                        place,
                                        fields.path("needs")
                                                + ": there is no step '"
                                                + Found.shortened(id)
                                                + "'"
                                                + NearMiss.hint(id, ids));
                            }
                        });
        needs.put(step.id(), known);
        places.put(step.id(), fields);
    }

    boolean knows(String id) {
        return needs.containsKey(id);
    }

    Collection<String> ids() {
        return needs.keySet();
    }

    /// Whether `earlier` is always done before `step` begins.
    boolean before(String step, String earlier) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(List.of(step));
        while (!open.isEmpty()) {
            List<String> needed = needs.getOrDefault(open.pop(), List.of());
            if (needed.contains(earlier)) {
                return true;
            }
            needed.stream().filter(seen::add).forEach(open::add);
        }
        return false;
    }

    /// Takes away, again and again, the steps whose needs are gone: what is left goes round.
    void checkCycles() {
        Map<String, Integer> missing = new LinkedHashMap<>();
        Map<String, List<String>> followers = new HashMap<>();
        needs.forEach(
                (id, needed) -> {
                    missing.put(id, needed.size());
                    needed.forEach(
                            one -> followers.computeIfAbsent(one, _ -> new ArrayList<>()).add(id));
                });
        Deque<String> free = new ArrayDeque<>();
        missing.forEach(
                (id, count) -> {
                    if (count == 0) {
                        free.add(id);
                    }
                });
        while (!free.isEmpty()) {
            String id = free.pop();
            missing.remove(id);
            for (String follower : followers.getOrDefault(id, List.of())) {
                if (missing.merge(follower, -1, Integer::sum) == 0) {
                    free.add(follower);
                }
            }
        }
        missing.keySet().stream().findFirst().ifPresent(id -> report(cycle(id, missing.keySet())));
    }

    /// From a step that goes round, along what it needs, until a step comes again.
    private List<String> cycle(String from, Set<String> round) {
        List<String> path = new ArrayList<>();
        @Nullable String id = from;
        while (id != null && !path.contains(id)) {
            path.add(id);
            id =
                    needs.getOrDefault(id, List.of()).stream()
                            .filter(round::contains)
                            .findFirst()
                            .orElse(null);
        }
        return path.subList(Math.max(0, path.indexOf(id)), path.size());
    }

    private void report(List<String> cycle) {
        Fields first = Optional.ofNullable(places.get(cycle.getFirst())).orElseThrow();
        String shown =
                String.join("' needs '", cycle.subList(0, Math.min(MAX_SHOWN, cycle.size())));
        first.problem(
                "needs",
                "the steps go round: '"
                        + shown
                        + (cycle.size() > MAX_SHOWN ? "' … needs '" : "' needs '")
                        + cycle.getFirst()
                        + "'; expected steps that can be done one after the other");
    }
}
