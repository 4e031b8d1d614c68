package dev.signalbox.operator.console;

import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.tool.SideEffect;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Times, amounts and names as people read them.
public final class Words {

    private static final DateTimeFormatter EXACT =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss.SSS 'UTC'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private Words() {}

    /// A time for a `time` element: for machines, on hover, and at a glance.
    public record When(String iso, String exact, String relative) {}

    public static When when(Instant at, Instant now) {
        return new When(at.toString(), EXACT.format(at), relative(at, now));
    }

    /// What a workflow's run has under way, by its name.
    static String step(String name) {
        return StepNames.compensated(name).map(step -> "undo of " + step).orElse(name);
    }

    static String clock(Instant at) {
        return CLOCK.format(at);
    }

    private static String relative(Instant at, Instant now) {
        Duration gone = Duration.between(at, now);
        if (gone.abs().compareTo(Duration.ofSeconds(2)) < 0) {
            return "just now";
        }
        return gone.isNegative() ? "in " + about(gone.negated()) : about(gone) + " ago";
    }

    /// A duration in its largest unit.
    private static String about(Duration length) {
        long seconds = length.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    /// A time on a run's own clock.
    static When after(Instant start, Instant at) {
        return new When(at.toString(), EXACT.format(at), "+" + took(Duration.between(start, at)));
    }

    /// A duration in its largest unit or two.
    static String span(Duration length) {
        long seconds = length.toSeconds();
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", length.toMillis() / 1000.0);
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
        }
        return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }

    private static String two(long many, String unit, long few, String smaller) {
        return many + " " + unit + (few == 0 ? "" : " " + few + " " + smaller);
    }

    /// How long something took, to the millisecond where that matters.
    static String took(Duration length) {
        return length.compareTo(Duration.ofSeconds(1)) < 0
                ? length.toMillis() + " ms"
                : span(length);
    }

    static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    static String plain(Enum<?> name) {
        return lower(name).replace('_', ' ');
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
    }

    static String count(long number, String one, String many) {
        return number(number) + " " + (number == 1 ? one : many);
    }

    /// What a status means for whoever reads the list.
    static String status(RunStatus status) {
        return switch (status) {
            case QUEUED -> "Queued";
            case RUNNING -> "Running";
            case WAITING -> "Waiting";
            case HELD -> "Held";
            case COMPLETED -> "Completed";
            case FAILED -> "Failed";
            case CANCELLED -> "Cancelled";
        };
    }

    static String sideEffect(SideEffect effect) {
        return switch (effect) {
            case NONE -> "changes nothing";
            case READ -> "only reads";
            case EXTERNAL_WRITE -> "writes to an outside system";
            case SYSTEM_WRITE -> "changes our own systems";
            case DESTRUCTIVE -> "destroys something";
        };
    }

    /// Whether the level asks for more than a glance.
    static String weight(SideEffect effect) {
        return switch (effect) {
            case NONE, READ -> "light";
            case EXTERNAL_WRITE, SYSTEM_WRITE -> "heavy";
            case DESTRUCTIVE -> "grave";
        };
    }

    static String dollars(BigDecimal amount) {
        return "$" + amount.toPlainString();
    }
}
