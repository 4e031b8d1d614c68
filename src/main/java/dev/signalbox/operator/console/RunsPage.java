package dev.signalbox.operator.console;

import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.web.Paging.Items;
import dev.signalbox.web.RunView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Runs that match what stands in the address.
///
/// @param choices every status, and whether it is asked for
/// @param next where the rest is; empty if this is the end
/// @param first where the list begins; empty if this is its beginning
/// @param filtered whether anything is asked for
public record RunsPage(
        Wanted wanted,
        List<Choice> choices,
        List<RunRow> rows,
        String next,
        String first,
        boolean filtered,
        String teach) {

    public RunsPage {
        choices = List.copyOf(choices);
        rows = List.copyOf(rows);
    }

    /// What the address asks for, as it stands there.
    public record Wanted(
            List<String> status,
            String definition,
            String label,
            String text,
            boolean attention,
            String cursor) {

        public Wanted {
            status = status.stream().filter(one -> !one.isBlank()).toList();
        }

        /// The same address with another position.
        String query(String position) {
            List<Map.Entry<String, String>> parameters = new ArrayList<>();
            status.forEach(one -> parameters.add(Map.entry("status", one)));
            parameters.add(Map.entry("definition", definition));
            parameters.add(Map.entry("label", label));
            parameters.add(Map.entry("text", text));
            parameters.add(Map.entry("attention", attention ? "true" : ""));
            parameters.add(Map.entry("cursor", position));
            return parameters.stream()
                    .filter(parameter -> !parameter.getValue().isEmpty())
                    .map(
                            parameter ->
                                    parameter.getKey()
                                            + "="
                                            + URLEncoder.encode(
                                                    parameter.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
        }

        boolean any() {
            return attention || !query("").isEmpty();
        }
    }

    /// A status to choose.
    public record Choice(String status, boolean chosen) {}

    static RunsPage of(Wanted wanted, Items<RunView> found, Instant now, String teach) {
        return new RunsPage(
                wanted,
                Arrays.stream(RunStatus.values())
                        .map(Words::lower)
                        .map(status -> new Choice(status, wanted.status().contains(status)))
                        .toList(),
                InboxPage.rows(found.items(), now),
                found.nextCursor()
                        .map(cursor -> "/console/runs?" + wanted.query(cursor))
                        .orElse(""),
                wanted.cursor().isEmpty() ? "" : "/console/runs?" + wanted.query(""),
                wanted.any(),
                teach);
    }
}
