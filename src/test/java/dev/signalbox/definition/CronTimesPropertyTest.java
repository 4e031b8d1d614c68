package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.job.JobDefinition.Misfire;
import dev.signalbox.domain.job.JobDefinition.Overlap;
import dev.signalbox.domain.job.JobDefinition.Target;
import dev.signalbox.domain.job.Schedule;
import dev.signalbox.domain.job.Timetable;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.DefinitionRef.Kind;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When jobs fire, on the days on which clocks change above all.
class CronTimesPropertyTest {

    private static final CronExpressions CRONS = new CronExpressions();

    static Timetable timetable(Schedule schedule) {
        return new Timetable(
                new JobDefinition(
                        "job",
                        "default",
                        schedule,
                        new Target(
                                Kind.AGENT, "agent", Optional.empty(), JsonObject.EMPTY, Map.of()),
                        Overlap.ALLOW,
                        Misfire.FIRE_ONCE,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false),
                Instant.EPOCH,
                CRONS);
    }

    private static Timetable cron(String expression, String zone) {
        return timetable(new Schedule.Cron(expression, ZoneId.of(zone)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Lisbon, 29 March 2026: from 01:00 to 02:00 at 01:00Z.
                "30 1 * * *   | Europe/Lisbon    | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:30:00Z",
                "*/20 * * * * | Europe/Lisbon    | 2026-03-29T00:30:00Z | 2026-03-29T00:40:00Z 2026-03-29T01:00:00Z 2026-03-29T01:20:00Z",
                "10,50 1 * * * | Europe/Lisbon   | 2026-03-29T00:30:00Z | 2026-03-29T01:00:00Z 2026-03-30T00:10:00Z",
                "0 2 * * *    | Europe/Lisbon    | 2026-03-29T00:30:00Z | 2026-03-29T01:00:00Z 2026-03-30T01:00:00Z",
                // Lisbon, 25 October 2026: from 02:00 back to 01:00 at 01:00Z.
                "30 1 * * *   | Europe/Lisbon    | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z 2026-10-26T01:30:00Z",
                "*/20 * * * * | Europe/Lisbon    | 2026-10-25T00:30:00Z | 2026-10-25T00:40:00Z 2026-10-25T02:00:00Z",
                "*/20 * * * * | Europe/Lisbon    | 2026-10-25T01:30:00Z | 2026-10-25T02:00:00Z 2026-10-25T02:20:00Z",
                "30 1 * * *   | Europe/Lisbon    | 2026-10-25T01:10:00Z | 2026-10-26T01:30:00Z",
                // Half an hour, and a whole day that Samoa left out.
                "15 2 * * *   | Australia/Lord_Howe | 2026-10-03T00:00:00Z | 2026-10-03T15:30:00Z",
                "0 12 30 12 * | Pacific/Apia     | 2011-12-29T00:00:00Z | 2011-12-30T10:00:00Z",
                "0 2 * * *    | UTC              | 2026-03-29T02:00:00Z | 2026-03-30T02:00:00Z",
            })
    @DisplayName("a time that does not exist fires at the change, one that exists twice fires once")
    void clocksChange(String expression, String zone, Instant after, String expected) {
        List<Instant> times = new ArrayList<>();
        Instant last = after;
        int wanted = expected.split(" ", -1).length;
        while (times.size() < wanted) {
            last = cron(expression, zone).next(last).orElseThrow();
            times.add(last);
        }

        assertThat(times).containsExactlyElementsOf(Stream.of(expected.split(" ", -1)).map(Instant::parse).toList());
    }

    @Property(tries = 300)
    void everyLocalTimeThatMatchesComesOnceAndInOrder(
            @ForAll("expressions") String expression,
            @ForAll("zones") ZoneId zone,
            @ForAll("changes") Instant from) {
        Timetable timetable = timetable(new Schedule.Cron(expression, zone));
        Instant until = from.plusSeconds(8 * 3600);

        List<Instant> times = timetable.between(from, until, 10_000);

        assertThat(times).isEqualTo(minuteByMinute(expression, zone, from, until));
    }

    @Property(tries = 300)
    void backwardsIsTheSameAsForwards(
            @ForAll("expressions") String expression,
            @ForAll("zones") ZoneId zone,
            @ForAll("changes") Instant from) {
        Timetable timetable = timetable(new Schedule.Cron(expression, zone));
        List<Instant> times = timetable.between(from, from.plusSeconds(8 * 3600), 10_000);

        List<Instant> backwards = new ArrayList<>();
        Optional<Instant> time = timetable.previous(from.plusSeconds(8 * 3600));
        while (time.isPresent() && !time.get().isBefore(from)) {
            backwards.addFirst(time.get());
            time = timetable.previous(time.get());
        }

        assertThat(backwards).isEqualTo(times);
    }

    /// The promise said another way: walk through the clock's minutes as a person would, and tick
    /// off each local time that matches the first time it is shown, or jumped over.
    private static List<Instant> minuteByMinute(
            String expression, ZoneId zone, Instant from, Instant until) {
        List<Instant> times = new ArrayList<>();
        Instant begin = from.minusSeconds(6 * 3600);
        LocalDateTime shown = LocalDateTime.ofInstant(begin, zone);
        for (Instant now = begin.plusSeconds(60); now.isBefore(until); now = now.plusSeconds(60)) {
            LocalDateTime local = LocalDateTime.ofInstant(now, zone);
            boolean matches = false;
            while (shown.isBefore(local)) {
                shown = shown.plusMinutes(1);
                matches |= matches(expression, shown);
            }
            if (matches && !now.isBefore(from)) {
                times.add(now);
            }
        }
        return times;
    }

    private static boolean matches(String expression, LocalDateTime local) {
        String[] fields = expression.split(" ", -1);
        return matches(fields[0], local.getMinute()) && matches(fields[1], local.getHour());
    }

    private static boolean matches(String field, int value) {
        if (field.equals("*")) {
            return true;
        }
        if (field.startsWith("*/")) {
            return value % Integer.parseInt(field.substring(2)) == 0;
        }
        return Stream.of(field.split(",", -1)).mapToInt(Integer::parseInt).anyMatch(one -> one == value);
    }

    @Provide
    Arbitrary<String> expressions() {
        return Combinators.combine(field(59), field(23))
                .as((minute, hour) -> minute + " " + hour + " * * *");
    }

    private static Arbitrary<String> field(int most) {
        return Arbitraries.oneOf(
                Arbitraries.just("*"),
                Arbitraries.integers().between(2, 20).map(step -> "*/" + step),
                Arbitraries.integers()
                        .between(0, most)
                        .set()
                        .ofMinSize(1)
                        .ofMaxSize(4)
                        .map(all -> String.join(",", all.stream().map(String::valueOf).toList())));
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(
                        "Europe/Lisbon",
                        "America/New_York",
                        "Australia/Lord_Howe",
                        "America/St_Johns",
                        "Asia/Kolkata",
                        "UTC")
                .map(ZoneId::of);
    }

    /// Around the changes of 2026 in those zones, and at other times.
    @Provide
    Arbitrary<Instant> changes() {
        return Combinators.combine(
                        Arbitraries.of(
                                "2026-03-29T01:00:00Z",
                                "2026-10-25T01:00:00Z",
                                "2026-03-08T07:00:00Z",
                                "2026-11-01T06:00:00Z",
                                "2026-10-03T15:30:00Z",
                                "2026-04-04T15:00:00Z",
                                "2026-06-15T00:00:00Z"),
                        Arbitraries.integers().between(-480, 60))
                .as((time, minutes) -> Instant.parse(time).plusSeconds(minutes * 60L));
    }
}
