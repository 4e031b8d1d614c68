package dev.signalbox.operator.console;

import dev.signalbox.domain.job.Firing;
import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.JobView;
import dev.signalbox.operator.view.JobView.FiringView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A job in a list.
///
/// @param mark the shape of its state
/// @param line when it fires, and what its last firing came to
/// @param next when it fires next
/// @param fires whether there is such a time
public record JobRow(
        String name,
        String mark,
        String status,
        String definition,
        String line,
        boolean fires,
        When next) {

    static JobRow of(JobView job, Instant now) {
        Optional<Instant> next = job.nextFiring();
        return new JobRow(
                job.name(),
                mark(job),
                status(job.status()),
                job.definition(),
                JobWords.schedule(job) + ". " + last(job, now),
                next.isPresent(),
                Words.when(next.orElse(now), now));
    }

    /// A firing in a job's history.
    ///
    /// @param mark the shape of its run's state, or of its own
    /// @param runId empty if it made no run
    /// @param line why it made none
    public record Past(
            String mark, String status, When at, String exact, String cause, String runId, String line) {

        static Past of(FiringView firing, Instant now) {
            return new Past(
                    firing.runStatus().map(Words::lower).orElse(JobRow.mark(firing.status())),
                    firing.runStatus()
                            .map(Words::status)
                            .orElse(JobWords.capital(Words.plain(firing.status()))),
                    Words.when(firing.scheduledAt(), now),
                    Words.when(firing.scheduledAt(), now).exact(),
                    JobWords.cause(firing),
                    firing.runId().map(Object::toString).orElse(""),
                    firing.reason().orElse(""));
        }
    }

    static List<Past> history(List<FiringView> firings, Instant now) {
        return firings.stream().map(firing -> Past.of(firing, now)).toList();
    }

    private static String last(JobView job, Instant now) {
        String waiting =
                job.waiting() == 0
                        ? ""
                        : " " + Words.count(job.waiting(), "firing waits.", "firings wait.");
        return job.lastFiring()
                        .map(firing -> Past.of(firing, now))
                        .map(
                                past ->
                                        "Last: "
                                                + past.status().toLowerCase(Locale.ROOT)
                                                + ", "
                                                + past.at().relative()
                                                + ".")
                        .orElse("It has not fired yet.")
                + waiting;
    }

    private static String mark(JobView job) {
        return switch (job.status()) {
            case ACTIVE ->
                    job.openRuns() > 0
                            ? "running"
                            : job.lastFiring().map(JobRow::trouble).orElse(false)
                                    ? "failed"
                                    : "queued";
            case PAUSED -> "held";
            case FINISHED -> "completed";
            case RETIRED -> "cancelled";
        };
    }

    /// Whether somebody should look at what came of a firing.
    private static boolean trouble(FiringView firing) {
        return mark(firing.status()).equals("failed")
                || firing.runStatus().map(Words::lower).orElse("").equals("failed");
    }

    static String mark(Firing.Status status) {
        return switch (status) {
            case WAITING -> "waiting";
            case STARTED -> "queued";
            case SKIPPED -> "cancelled";
            case FAILED -> "failed";
        };
    }

    static String status(JobView.Status status) {
        return JobWords.capital(Words.lower(status));
    }
}
