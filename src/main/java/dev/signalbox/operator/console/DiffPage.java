package dev.signalbox.operator.console;

import dev.signalbox.domain.evidence.Deed.Aspect;
import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.DiffView;
import dev.signalbox.operator.view.DiffView.Done;
import dev.signalbox.operator.view.DiffView.Said;
import dev.signalbox.web.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Two runs side by side, as a page shows them.
///
/// @param all whether what both did the same is shown too
/// @param hidden how many rows are not shown
/// @param other the address of the page that shows all, or only the differences
/// @param api the call that answers the same
public record DiffPage(
        String explanation,
        boolean same,
        RunRow left,
        RunRow right,
        List<Total> totals,
        List<Row> rows,
        boolean all,
        String hidden,
        String other,
        String api) {

    /// A fact about both runs as a whole.
    public record Total(String name, String left, String right, boolean same) {}

    /// Two deeds.
    ///
    /// @param first whether the two part here
    public record Row(String title, boolean same, boolean first, boolean shared, Cell left, Cell right) {}

    /// What one of them did.
    public record Cell(boolean present, String link, When at, List<Line> lines) {
        static final Cell NONE = new Cell(false, "", new When("", "", ""), List.of());

        public Cell {
            lines = List.copyOf(lines);
        }
    }

    /// One aspect of it.
    public record Line(String name, String words, boolean differs, List<Track.Value> values) {
        public Line {
            values = List.copyOf(values);
        }
    }

    public DiffPage {
        totals = List.copyOf(totals);
        rows = List.copyOf(rows);
    }

    static DiffPage of(DiffView diff, boolean all, Instant now) {
        List<Row> rows = rows(diff);
        List<Row> shown = rows.stream().filter(row -> all || !row.same()).toList();
        String address =
                "/console/diff?left=" + diff.left().id() + "&right=" + diff.right().id();
        return new DiffPage(
                diff.explanation(),
                diff.firstDivergence().isEmpty(),
                RunRow.of(diff.left(), now),
                RunRow.of(diff.right(), now),
                totals(diff),
                shown,
                all,
                Words.count(rows.size() - (long) shown.size(), "row", "rows"),
                rows.size() == shown.size() && !all ? "" : address + (all ? "" : "&all=true"),
                "GET /operator/v1/diff?left=" + diff.left().id() + "&right=" + diff.right().id());
    }

    private static List<Total> totals(DiffView diff) {
        RunView left = diff.left();
        RunView right = diff.right();
        List<Total> totals = new ArrayList<>();
        totals.add(
                new Total(
                        "Definition",
                        left.definition() + " " + left.version(),
                        right.definition() + " " + right.version(),
                        diff.same().definition()));
        totals.add(
                new Total(
                        "Status",
                        Words.status(left.status()),
                        Words.status(right.status()),
                        diff.same().status()));
        totals.add(
                new Total(
                        "Input",
                        Shown.of(left.input()).line(),
                        Shown.of(right.input()).line(),
                        diff.same().input()));
        totals.add(new Total("Output", ended(left), ended(right), diff.same().output()));
        totals.add(
                new Total(
                        "Used", used(left.usage()), used(right.usage()), diff.same().usage()));
        totals.add(
                new Total(
                        "Events",
                        Words.number(left.headSeq()),
                        Words.number(right.headSeq()),
                        diff.same().events()));
        return totals;
    }

    private static String ended(RunView run) {
        return run.output()
                .map(output -> Shown.of(output).line())
                .or(() -> run.error().map(error -> error.code() + ": " + error.message()))
                .orElse("none");
    }

    private static String used(RunView.Spent usage) {
        return Words.count(usage.modelCalls(), "model call", "model calls")
                + ", "
                + Words.count(usage.toolCalls(), "tool call", "tool calls")
                + ", "
                + Words.number(usage.inputTokens() + usage.outputTokens())
                + " tokens, "
                + Words.dollars(usage.costUsd());
    }

    private static List<Row> rows(DiffView diff) {
        List<Row> rows = new ArrayList<>();
        boolean parted = false;
        for (DiffView.Row row : diff.rows()) {
            Set<Aspect> differs = Set.copyOf(row.differs());
            boolean tells =
                    differs.stream().anyMatch(one -> one != Aspect.COST && one != Aspect.MODEL);
            boolean first = !parted && tells && !row.beforeBranch();
            parted = parted || first;
            Done either = row.left().or(row::right).orElseThrow();
            rows.add(
                    new Row(
                            title(either),
                            differs.isEmpty() || row.beforeBranch(),
                            first,
                            row.beforeBranch(),
                            cell(row.left(), diff.left(), differs),
                            cell(row.right(), diff.right(), differs)));
        }
        return rows;
    }

    private static Cell cell(Optional<Done> done, RunView run, Set<Aspect> differs) {
        return done.map(
                        deed ->
                                new Cell(
                                        true,
                                        "/console/runs/"
                                                + run.id()
                                                + "/events?cursor="
                                                + (deed.seq() - 1),
                                        Words.after(run.createdAt(), deed.at()),
                                        deed.facts().stream()
                                                .map(fact -> line(fact, differs))
                                                .toList()))
                .orElse(Cell.NONE);
    }

    private static Line line(Said fact, Set<Aspect> differs) {
        boolean differing = differs.contains(fact.aspect());
        return new Line(
                name(fact.aspect()),
                fact.words(),
                differing,
                differing
                        ? fact.values().stream()
                                .map(
                                        value ->
                                                new Track.Value(
                                                        "Value", Shown.of(value.value())))
                                .toList()
                        : List.of());
    }

    private static String title(Done deed) {
        String of = deed.step().map(step -> Words.step(step) + ": ").orElse("");
        return of
                + switch (deed.kind()) {
                    case MODEL_TURN -> "Model turn";
                    case CALL -> deed.name();
                    case STEP -> "Step " + Words.step(deed.name());
                    case VERIFICATION -> "Verification";
                    case SIGNAL -> "Signal " + deed.name();
                    case HOLD -> "Hold: " + deed.name();
                    case END -> "End";
                };
    }

    private static String name(Aspect aspect) {
        return switch (aspect) {
            case MODEL_OUTPUT -> "Said";
            case MODEL -> "Model";
            case CALL -> "Asked";
            case DECISION -> "Policy";
            case APPROVAL -> "Approval";
            case EFFECT -> "Came of it";
            case STEP -> "Ended";
            case VERIFICATION -> "Result";
            case SIGNAL -> "Signal";
            case HOLD -> "Why";
            case COST -> "Cost";
            case OUTCOME -> "Outcome";
        };
    }
}
