package dev.signalbox.operator.console;

import dev.signalbox.operator.view.JobView;
import dev.signalbox.web.Paging.Items;
import java.time.Instant;
import java.util.List;

/// The jobs by name.
///
/// @param next where the rest is; empty if this is the end
public record JobsPage(List<JobRow> rows, String next) {

    public JobsPage {
        rows = List.copyOf(rows);
    }

    static JobsPage of(Items<JobView> found, Instant now) {
        return new JobsPage(
                found.items().stream().map(job -> JobRow.of(job, now)).toList(),
                found.nextCursor().map(cursor -> "/console/jobs?cursor=" + cursor).orElse(""));
    }
}
