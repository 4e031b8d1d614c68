package dev.signalbox.operator.console;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.operator.view.JobView;
import dev.signalbox.operator.view.JobView.FiringView;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What jobs do, in words.
final class JobWords {

    private JobWords() {}

    /// When the job fires.
    static String schedule(JobView job) {
        if (!(job.document().get("schedule") instanceof JsonObject schedule)) {
            return "By nobody knows which schedule";
        }
        if (schedule.get("cron") instanceof JsonText(String cron)) {
            return "At " + cron + ", clocks of " + text(schedule.get("timeZone"), "UTC");
        }
        return schedule.get("every") instanceof JsonText(String every)
                ? "Every " + every
                : "Once, at " + text(schedule.get("at"), "no time");
    }

    static String overlap(JobView job) {
        return switch (text(job.document().get("overlap"), "")) {
            case "queue" -> "A firing waits while a run of the job is open";
            case "allow" -> "Runs of the job may be open side by side";
            default -> "A firing is left out while a run of the job is open";
        };
    }

    static String misfire(JobView job) {
        return switch (text(job.document().get("misfire"), "")) {
            case "skip" -> "Missed times are left out";
            case "backfill" -> "Missed times are made up for one by one, the latest 100";
            default -> "One run makes up for all missed times";
        };
    }

    static String cause(FiringView firing) {
        String missed =
                firing.missed() == 0
                        ? ""
                        : ", for "
                                + Words.count(firing.missed() + 1L, "missed time", "missed times");
        return switch (firing.cause()) {
            case SCHEDULE -> "by its schedule";
            case MISFIRE -> "afterwards" + missed;
            case TRIGGER -> "triggered by hand";
            case BACKFILL -> "backfilled by hand";
        };
    }

    static String capital(String word) {
        return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    static boolean sideBySide(JobView job) {
        return text(job.document().get("overlap"), "").equals("allow");
    }

    private static String text(@Nullable Json value, String otherwise) {
        return value instanceof JsonText(String text) ? text : otherwise;
    }
}
