package dev.signalbox.definition;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.signalbox.domain.job.CronTimes;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;

/// Cron expressions of five fields, as crontab has them: numbers, names, lists, ranges, steps. With
/// both a day of month and a day of week, either is enough.
///
/// The library is only ever asked on a clock that never changes (UTC); what a local time means on
/// days when clocks change is decided by the domain.
public final class CronExpressions implements CronTimes {

    private static final int CACHED = 1_000;

    /// A day on which to look whether an expression ever matches again.
    private static final LocalDateTime SOME_DAY = LocalDateTime.of(2026, 1, 1, 0, 0);

    private final CronParser parser =
            new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    private final BoundedCache<String, ExecutionTime> parsed = new BoundedCache<>(CACHED);

    @Override
    public Optional<LocalDateTime> next(String expression, LocalDateTime after) {
        return times(expression)
                .nextExecution(after.atZone(ZoneOffset.UTC))
                .map(ZonedDateTime::toLocalDateTime);
    }

    @Override
    public Optional<LocalDateTime> previous(String expression, LocalDateTime before) {
        return times(expression)
                .lastExecution(before.atZone(ZoneOffset.UTC))
                .map(ZonedDateTime::toLocalDateTime);
    }

    /// What is wrong with the expression.
    Optional<String> problem(String expression) {
        try {
            return next(expression, SOME_DAY).isPresent()
                    ? Optional.empty()
                    : Optional.of("there is no such day");
        } catch (IllegalArgumentException malformed) {
            return Optional.of(
                    String.valueOf(malformed.getMessage())
                            .replace("Failed to parse cron expression. ", ""));
        }
    }

    private ExecutionTime times(String expression) {
        return parsed.get(expression, this::parse);
    }

    private ExecutionTime parse(String expression) {
        Cron cron = parser.parse(expression).validate();
        return ExecutionTime.forCron(cron);
    }
}
