package dev.signalbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The outcome of one part: printed, and put in its place in `docs/benchmarks.md`.
///
/// With `-Dbench.write=false` it is only printed.
final class Report {

    private static final Path FILE = Path.of("docs", "benchmarks.md");

    private final String part;
    private final String machine = Machine.description();
    private final List<String> notes = new ArrayList<>();
    private final StringBuilder body = new StringBuilder();

    /// @param part its name in the document's markers
    Report(String part) {
        this.part = part;
    }

    /// Adds what the figures depend on.
    Report note(String note) {
        notes.add(note);
        return this;
    }

    Report table(String... columns) {
        row((Object[]) columns);
        return row(Arrays.stream(columns).map(column -> "---").toArray());
    }

    /// Adds a row; numbers are shown with as many digits as mean something.
    Report row(Object... cells) {
        String row =
                Arrays.stream(cells)
                        .map(Report::shown)
                        .collect(Collectors.joining(" | ", "| ", " |\n"));
        body.append(row);
        System.out.print(row);
        return this;
    }

    Report line(String line) {
        body.append('\n').append(line).append('\n');
        System.out.println(line);
        return this;
    }

    /// Ends the report.
    void write() {
        notes.addFirst(machine);
        String text = String.join("; ", notes) + ".\n\n" + body;
        System.out.println(text);
        if (!Boolean.parseBoolean(System.getProperty("bench.write", "true"))) {
            return;
        }
        try {
            String begin = "<!-- " + part + ": written by `make bench PART=" + part + "` -->\n";
            String end = "<!-- end of " + part + " -->\n";
            String document = Files.exists(FILE) ? Files.readString(FILE) : "# Benchmarks\n";
            int from = document.indexOf(begin);
            int to = document.indexOf(end);
            String section = begin + "\n" + text + "\n" + end;
            Files.writeString(
                    FILE,
                    from < 0 || to < from
                            ? document + "\n" + section
                            : document.substring(0, from)
                                    + section
                                    + document.substring(to + end.length()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String shown(Object cell) {
        if (!(cell instanceof Double number)) {
            return cell instanceof Number whole
                    ? String.format(Locale.ROOT, "%,d", whole.longValue())
                    : String.valueOf(cell);
        }
        if (!Double.isFinite(number)) {
            return "–";
        }
        double size = Math.abs(number);
        return String.format(
                Locale.ROOT, size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f", number);
    }
}
