package dev.signalbox.operator.view;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.web.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// A run and the runs below it.
public record RunTree(RunView run, List<RunTree> children, Subtree subtree) {

    /// What a run and all runs below it add up to.
    ///
    /// @param duration from the first submission to the last change
    public record Subtree(int runs, RunView.Spent usage, Duration duration) {}

    public RunTree {
        children = List.copyOf(children);
    }

    /// The tree of `runs` below `root`.
    public static RunTree of(RunView root, Collection<RunView> runs) {
        return below(root, runs, new HashSet<>(Set.of(root.id())));
    }

    private static RunTree below(RunView run, Collection<RunView> runs, Set<RunId> seen) {
        List<RunTree> children =
                runs.stream()
                        .filter(child -> child.parentRunId().filter(run.id()::equals).isPresent())
                        .sorted(Comparator.comparing(RunView::id))
                        .filter(child -> seen.add(child.id()))
                        .map(child -> below(child, runs, seen))
                        .toList();
        return new RunTree(run, children, sum(run, children));
    }

    private static Subtree sum(RunView run, List<RunTree> children) {
        RunView.Spent usage = run.usage();
        int count = 1;
        for (RunTree child : children) {
            usage = usage.plus(child.subtree().usage());
            count += child.subtree().runs();
        }
        Instant end =
                Stream.concat(Stream.of(lastChange(run)), children.stream().map(RunTree::end))
                        .max(Comparator.naturalOrder())
                        .orElseThrow();
        return new Subtree(count, usage, Duration.between(run.createdAt(), end));
    }

    private Instant end() {
        return run.createdAt().plus(subtree.duration());
    }

    private static Instant lastChange(RunView run) {
        return run.finishedAt().orElse(run.updatedAt());
    }

    /// The tree as text, a line a run.
    public String drawing() {
        StringBuilder text = new StringBuilder();
        draw(text, "", "");
        return text.toString();
    }

    private void draw(StringBuilder text, String first, String rest) {
        text.append(first).append(line()).append('\n');
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            children.get(i)
                    .draw(text, rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "));
        }
    }

    private String line() {
        return String.format(
                Locale.ROOT,
                "%s %s %s@%s  %s  %d model, %d tool calls%s",
                sign(),
                run.status().name().toLowerCase(Locale.ROOT),
                run.definition(),
                run.version(),
                run.id(),
                subtree.usage().modelCalls(),
                subtree.usage().toolCalls(),
                subtree.runs() > 1 ? ", " + subtree.runs() + " runs" : "");
    }

    private String sign() {
        return switch (run.status()) {
            case QUEUED -> "○";
            case RUNNING -> "▶";
            case WAITING -> "◆";
            case HELD -> "■";
            case COMPLETED -> "✓";
            case FAILED -> "✗";
            case CANCELLED -> "–";
        };
    }
}
