package dev.signalbox.cli.text;

import dev.signalbox.domain.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// Rows in columns, each as wide as its widest value; on a terminal no line is wider than it.
public final class Table {

    private static final String GAP = "  ";

    private record Column(String head, Function<Json, String> value, boolean state) {}

    private final List<Column> columns = new ArrayList<>();

    /// A column with what stands at `path` of each row.
    public Table column(String head, String path) {
        return column(head, row -> Field.text(row, path));
    }

    public Table column(String head, Function<Json, String> value) {
        columns.add(new Column(head, value, false));
        return this;
    }

    /// A column of states, which have colours.
    public Table state(String head, String path) {
        columns.add(new Column(head, row -> Field.text(row, path), true));
        return this;
    }

    /// The rows below their heads; `none` if there is no row.
    public void print(Screen screen, List<? extends Json> rows, String none) {
        if (rows.isEmpty()) {
            screen.note(none);
            return;
        }
        List<List<String>> cells =
                rows.stream()
                        .map(
                                row ->
                                        columns.stream()
                                                .map(column -> Plain.value(column.value.apply(row)))
                                                .toList())
                        .toList();
        List<String> heads =
                columns.stream().map(column -> column.head.toUpperCase(Locale.ROOT)).toList();
        int[] widths = widths(heads, cells);
        StringBuilder out = new StringBuilder();
        append(heads, widths, Optional.of(Style.STRONG), screen, out);
        cells.forEach(row -> append(row, widths, Optional.empty(), screen, out));
        screen.made(out.toString());
    }

    private int[] widths(List<String> heads, List<List<String>> cells) {
        int[] widths = heads.stream().mapToInt(Table::width).toArray();
        for (List<String> row : cells) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        return widths;
    }

    private void append(
            List<String> row,
            int[] widths,
            Optional<Style> style,
            Screen screen,
            StringBuilder out) {
        int room = screen.width() > 0 ? screen.width() : Integer.MAX_VALUE;
        int last = lastFilled(row);
        for (int i = 0; i <= last && room > 0; i++) {
            String cell = clipped(row.get(i), room);
            Optional<Style> own = columns.get(i).state ? Style.of(cell) : Optional.empty();
            out.append(screen.painted(style.or(() -> own), cell));
            room -= width(cell);
            int gap = widths[i] - width(cell) + GAP.length();
            if (i < last && room > gap) {
                out.append(" ".repeat(gap));
            }
            room -= gap;
        }
        out.append('\n');
    }

    private static int lastFilled(List<String> row) {
        int last = row.size() - 1;
        while (last > 0 && row.get(last).isEmpty()) {
            last--;
        }
        return last;
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String clipped(String text, int room) {
        return width(text) <= room
                ? text
                : text.substring(0, text.offsetByCodePoints(0, Math.max(0, room - 1))) + "…";
    }
}
