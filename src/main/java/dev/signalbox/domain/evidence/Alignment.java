package dev.signalbox.domain.evidence;

import dev.signalbox.domain.evidence.TraceDiff.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts the deeds of two runs side by side: by kind, step and tool, and among those by content.
final class Alignment {

    /// Beyond this many pairs to weigh, deeds are paired as they come.
    private static final long MOST_PAIRS = 6_000_000;

    private static final int ALIKE = 3;
    private static final int SAME = 5;

    private Alignment() {}

    /// @param shared how many deeds of `left` lie before the point where the two parted; all that
    ///     `right` has of them are its first
    static List<Row> of(List<Deed> left, List<Deed> right, int shared) {
        List<Row> rows = new ArrayList<>();
        int common = 0;
        while (common < shared
                && common < right.size()
                && same(left.get(common), right.get(common))) {
            rows.add(Row.of(left.get(common), right.get(common), true));
            common++;
        }
        for (Deed before : left.subList(common, shared)) {
            rows.add(new Row(Optional.of(before), Optional.empty(), true, List.of()));
        }
        rows.addAll(
                aligned(left.subList(shared, left.size()), right.subList(common, right.size())));
        return rows;
    }

    private static boolean same(Deed left, Deed right) {
        return left.comparable(right)
                && left.differences(right).stream().noneMatch(Deed.Aspect::tells);
    }

    private static List<Row> aligned(List<Deed> left, List<Deed> right) {
        return (long) left.size() * right.size() > MOST_PAIRS
                ? inTurn(left, right)
                : weighed(left, right);
    }

    private static List<Row> inTurn(List<Deed> left, List<Deed> right) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            if (i < left.size() && i < right.size() && left.get(i).comparable(right.get(i))) {
                rows.add(Row.of(left.get(i), right.get(i), false));
            } else {
                if (i < left.size()) {
                    rows.add(Row.left(left.get(i)));
                }
                if (i < right.size()) {
                    rows.add(Row.right(right.get(i)));
                }
            }
        }
        return rows;
    }

    /// The pairing of most weight: the same deed counts more than one of the same name.
    private static List<Row> weighed(List<Deed> left, List<Deed> right) {
        int[][] best = new int[left.size() + 1][right.size() + 1];
        for (int i = left.size() - 1; i >= 0; i--) {
            for (int j = right.size() - 1; j >= 0; j--) {
                int paired = weight(left.get(i), right.get(j));
                best[i][j] =
                        Math.max(
                                Math.max(best[i + 1][j], best[i][j + 1]),
                                paired == 0 ? 0 : paired + best[i + 1][j + 1]);
            }
        }
        List<Row> rows = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size() && j < right.size()) {
                int paired = weight(left.get(i), right.get(j));
                if (paired > 0 && best[i][j] == paired + best[i + 1][j + 1]) {
                    rows.add(Row.of(left.get(i++), right.get(j++), false));
                    continue;
                }
            }
            if (j >= right.size() || (i < left.size() && best[i][j] == best[i + 1][j])) {
                rows.add(Row.left(left.get(i++)));
            } else {
                rows.add(Row.right(right.get(j++)));
            }
        }
        return rows;
    }

    private static int weight(Deed left, Deed right) {
        if (!left.comparable(right)) {
            return 0;
        }
        return same(left, right) ? SAME : ALIKE;
    }
}
