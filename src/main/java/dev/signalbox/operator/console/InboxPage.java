package dev.signalbox.operator.console;

import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.operator.Overviews.Overview;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.web.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// What needs a person, oldest first; then what failed; then what happened last.
///
/// @param more whether more is waiting than is shown
/// @param teach the command that would fill an empty page
public record InboxPage(
        List<Count> counts,
        List<Item> items,
        boolean more,
        List<RunRow> failed,
        List<RunRow> recent,
        String teach) {

    public InboxPage {
        counts = List.copyOf(counts);
        items = List.copyOf(items);
        failed = List.copyOf(failed);
        recent = List.copyOf(recent);
    }

    /// How many runs there are of one status.
    public record Count(String mark, String status, String number, boolean some) {}

    /// Something that waits for a person: an approval, or a held run.
    ///
    /// @param approval the approval, if it is one
    /// @param run the held run, if it is one
    public record Item(Instant since, List<ApprovalCard> approval, List<RunRow> run) {
        public Item {
            approval = List.copyOf(approval);
            run = List.copyOf(run);
        }
    }

    static InboxPage of(
            Overview overview,
            List<ApprovalView> approvals,
            List<RunView> held,
            boolean more,
            List<RunView> failed,
            List<RunView> recent,
            String teach) {
        Instant now = overview.at();
        return new InboxPage(
                counts(overview),
                items(approvals, held, now),
                more,
                rows(failed, now),
                rows(recent, now),
                teach);
    }

    private static List<Count> counts(Overview overview) {
        List<Count> counts = new ArrayList<>();
        for (RunStatus status : RunStatus.values()) {
            long number = overview.runs().getOrDefault(status, 0L);
            counts.add(
                    new Count(
                            Words.lower(status),
                            Words.lower(status),
                            Words.number(number),
                            number > 0));
        }
        return counts;
    }

    private static List<Item> items(List<ApprovalView> approvals, List<RunView> held, Instant now) {
        Stream<Item> waiting =
                approvals.stream()
                        .map(
                                approval ->
                                        new Item(
                                                approval.requestedAt(),
                                                List.of(ApprovalCard.of(approval, now)),
                                                List.of()));
        Stream<Item> stopped =
                held.stream()
                        .map(
                                run ->
                                        new Item(
                                                run.waitingOn()
                                                        .map(RunView.Wait::since)
                                                        .orElse(run.updatedAt()),
                                                List.of(),
                                                List.of(RunRow.of(run, now))));
        return Stream.concat(waiting, stopped).sorted(Comparator.comparing(Item::since)).toList();
    }

    static List<RunRow> rows(List<RunView> runs, Instant now) {
        return runs.stream().map(run -> RunRow.of(run, now)).toList();
    }
}
