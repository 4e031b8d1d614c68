package dev.signalbox.definition;

import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.Problem.Violation;
import dev.signalbox.domain.problem.ProblemCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Collects everything that is wrong with a load, so that its author sees it all at once.
final class Problems {

    private static final int MAX_REPORTED = 100;

    private record Entry(Place place, String message) {}

    private final String what;
    private final List<String> sources;
    private final List<Entry> entries = new ArrayList<>();

    /// @param sources in the order in which they are to be reported
    Problems(List<String> sources) {
        this("definitions", sources);
    }

    /// @param what is read, in the plural
    Problems(String what, List<String> sources) {
        this.what = what;
        this.sources = List.copyOf(sources);
    }

    void add(Place place, String message) {
        entries.add(new Entry(place, message));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /// By source and line.
    List<DefinitionProblem> list() {
        return entries.stream()
                .sorted(
                        Comparator.comparingInt(
                                        (Entry entry) -> sources.indexOf(entry.place().source()))
                                .thenComparingInt(entry -> entry.place().line()))
                .map(entry -> new DefinitionProblem(entry.place().toString(), entry.message()))
                .distinct()
                .toList();
    }

    void throwIfAny() {
        if (isEmpty()) {
            return;
        }
        List<DefinitionProblem> all = list();
        List<DefinitionProblem> reported = all.subList(0, Math.min(all.size(), MAX_REPORTED));
        String count =
                all.size() == 1
                        ? "The " + what + " have a problem:\n"
                        : "The " + what + " have " + all.size() + " problems:\n";
        throw new Problem(
                        ProblemCode.INVALID_DEFINITION,
                        count
                                + reported.stream()
                                        .map(DefinitionProblem::toString)
                                        .collect(Collectors.joining("\n")),
                        Optional.of(all.getFirst().place()),
                        Optional.of(all.getFirst().message()),
                        reported.stream()
                                .map(problem -> new Violation(problem.place(), problem.message()))
                                .toList())
                .asException();
    }
}
