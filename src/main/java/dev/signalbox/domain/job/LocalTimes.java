package dev.signalbox.domain.job;

import dev.signalbox.domain.job.Schedule.Cron;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;

/// The moments at which the local times of a cron expression come.
///
/// Guarantee: each local time comes once. One that the clocks leave out (02:30 when they go from
/// 02:00 to 03:00) comes at the moment of the change, once for all that are left out together; one
/// that they show twice comes the first time only. Later local times never come earlier.
final class LocalTimes {

    private final Cron cron;
    private final CronTimes times;

    LocalTimes(Cron cron, CronTimes times) {
        this.cron = cron;
        this.times = times;
    }

    /// The first after that moment, itself not included.
    Optional<Instant> next(Instant after) {
        LocalDateTime from =
                shownBefore(after)
                        .map(until -> until.minusSeconds(1))
                        .orElseGet(() -> local(after).truncatedTo(ChronoUnit.SECONDS));
        Optional<LocalDateTime> found = times.next(cron.expression(), from);
        while (found.isPresent() && !moment(found.get()).isAfter(after)) {
            found = times.next(cron.expression(), found.get());
        }
        return found.map(this::moment);
    }

    /// The last before that moment, itself not included.
    Optional<Instant> previous(Instant before) {
        LocalDateTime from = shownBefore(before).orElseGet(() -> roundedUp(local(before)));
        Optional<LocalDateTime> found = times.previous(cron.expression(), from);
        while (found.isPresent() && !moment(found.get()).isBefore(before)) {
            found = times.previous(cron.expression(), leftOut(found.get()));
        }
        return found.map(this::moment);
    }

    private Instant moment(LocalDateTime local) {
        ZoneOffsetTransition change = cron.zone().getRules().getTransition(local);
        return change != null && change.isGap()
                ? change.getInstant()
                : local.atZone(cron.zone()).toInstant();
    }

    /// If the clocks show at that moment what they have shown before: until when they do.
    private Optional<LocalDateTime> shownBefore(Instant moment) {
        ZoneId zone = cron.zone();
        return Optional.ofNullable(zone.getRules().previousTransition(moment.plusNanos(1)))
                .filter(ZoneOffsetTransition::isOverlap)
                .map(ZoneOffsetTransition::getDateTimeBefore)
                .filter(until -> local(moment).isBefore(until));
    }

    /// The beginning of what the clocks leave out together with `local`; itself if they do not.
    private LocalDateTime leftOut(LocalDateTime local) {
        ZoneOffsetTransition change = cron.zone().getRules().getTransition(local);
        return change != null && change.isGap() ? change.getDateTimeBefore() : local;
    }

    private LocalDateTime local(Instant moment) {
        return LocalDateTime.ofInstant(moment, cron.zone());
    }

    private static LocalDateTime roundedUp(LocalDateTime local) {
        LocalDateTime second = local.truncatedTo(ChronoUnit.SECONDS);
        return second.equals(local) ? second : second.plusSeconds(1);
    }
}
