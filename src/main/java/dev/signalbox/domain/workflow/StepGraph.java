package dev.signalbox.domain.workflow;

import dev.signalbox.domain.run.StepNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The steps of a workflow and what follows what.
///
/// @param steps by id, in the order of the document
/// @param followers of each step: the steps that need it, in the order of the document
/// @param last ids of the steps that no other needs
/// @param compensated ids of the steps that can be undone
public record StepGraph(
        Map<String, WorkflowStep> steps,
        Map<String, List<String>> followers,
        List<String> last,
        List<String> compensated) {

    public StepGraph {
        steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
        followers = Map.copyOf(followers);
        last = List.copyOf(last);
        compensated = List.copyOf(compensated);
    }

    public static StepGraph of(Collection<WorkflowStep> list) {
        Map<String, WorkflowStep> steps = new LinkedHashMap<>();
        Map<String, List<String>> followers = new LinkedHashMap<>();
        for (WorkflowStep step : list) {
            steps.put(step.id(), step);
            for (String needed : step.needs()) {
                followers.computeIfAbsent(needed, _ -> new ArrayList<>()).add(step.id());
            }
        }
        List<String> last =
                steps.keySet().stream().filter(id -> !followers.containsKey(id)).toList();
        followers.replaceAll((_, ids) -> List.copyOf(ids));
        List<String> compensated =
                list.stream()
                        .filter(step -> step.terms().compensate().isPresent())
                        .map(WorkflowStep::id)
                        .toList();
        return new StepGraph(steps, followers, last, compensated);
    }

    /// The step of that id.
    ///
    /// @throws IllegalArgumentException if there is none
    public WorkflowStep step(String id) {
        return Optional.ofNullable(steps.get(id))
                .orElseThrow(() -> new IllegalArgumentException("no step '" + id + "'"));
    }

    /// What is done under `name`: a step's own task, or the undoing of a step.
    ///
    /// @param name as of what is under way, see [StepNames]
    public WorkflowStep.Task task(String name) {
        return StepNames.compensated(name)
                .<WorkflowStep.Task>flatMap(id -> step(id).terms().compensate().map(call -> call))
                .orElseGet(() -> step(name).task());
    }

    List<String> followersOf(String id) {
        return followers.getOrDefault(id, List.of());
    }
}
