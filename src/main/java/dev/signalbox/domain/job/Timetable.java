package dev.signalbox.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The times at which a job fires, its window included. Pure: the same job, anchor and time give the
/// same answer everywhere.
///
/// @param anchor when the schedule was applied: intervals without a start count from then
public record Timetable(JobDefinition job, Instant anchor, CronTimes crons) {

    /// The first time after that one, itself not included.
    public Optional<Instant> next(Instant after) {
        Instant from =
                job.start()
                        .map(start -> start.minusNanos(1))
                        .filter(after::isBefore)
                        .orElse(after);
        Optional<Instant> found =
                switch (job.schedule()) {
                    case Schedule.Cron cron -> new LocalTimes(cron, crons).next(from);
                    case Schedule.Every(Duration period) ->
                            Optional.of(nth(period, Math.max(passed(period, from) + 1, first())));
                    case Schedule.At(Instant time) -> Optional.of(time).filter(from::isBefore);
                };
        return found.filter(time -> job.end().map(time::isBefore).orElse(true));
    }

    /// The last time before that one, itself not included.
    public Optional<Instant> previous(Instant before) {
        Instant until = job.end().filter(before::isAfter).orElse(before);
        Optional<Instant> found =
                switch (job.schedule()) {
                    case Schedule.Cron cron -> new LocalTimes(cron, crons).previous(until);
                    case Schedule.Every(Duration period) ->
                            Optional.of(passed(period, until.minusNanos(1)))
                                    .filter(number -> number >= first())
                                    .map(number -> nth(period, number));
                    case Schedule.At(Instant time) -> Optional.of(time).filter(until::isAfter);
                };
        return found.filter(time -> job.start().map(start -> !time.isBefore(start)).orElse(true));
    }

    /// The first `limit` times from `from` on, before `until`.
    public List<Instant> between(Instant from, Instant until, int limit) {
        List<Instant> times = new ArrayList<>();
        Optional<Instant> time = next(from.minusNanos(1)).filter(until::isAfter);
        while (time.isPresent() && times.size() < limit) {
            times.add(time.get());
            time = next(time.get()).filter(until::isAfter);
        }
        return times;
    }

    private Instant origin() {
        return job.start().orElse(anchor);
    }

    /// A job with a start fires then, another only when a period has passed.
    private long first() {
        return job.start().isPresent() ? 0 : 1;
    }

    private long passed(Duration period, Instant time) {
        Duration since = Duration.between(origin(), time);
        long whole = since.dividedBy(period);
        return nth(period, whole).isAfter(time) ? whole - 1 : whole;
    }

    private Instant nth(Duration period, long number) {
        return origin().plus(period.multipliedBy(number));
    }
}
