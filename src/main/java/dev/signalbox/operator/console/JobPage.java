package dev.signalbox.operator.console;

import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.JobView;
import dev.signalbox.operator.view.JobView.Detail;
import dev.signalbox.operator.view.JobView.FiringView;
import dev.signalbox.web.Paging.Items;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// One job: when it fires, what came of it, what can be done about it.
///
/// @param sentence what it does next
/// @param next where older firings are; empty if there are none
/// @param told what became of the command that was just given; empty if none was
/// @param problem why a command was just refused; empty if none was
public record JobPage(
        JobRow row,
        String sentence,
        List<When> upcoming,
        List<Track.Fact> facts,
        Shown document,
        List<JobRow.Past> history,
        String next,
        List<Deed> deeds,
        String told,
        String problem) {

    public JobPage {
        upcoming = List.copyOf(upcoming);
        facts = List.copyOf(facts);
        history = List.copyOf(history);
        deeds = List.copyOf(deeds);
    }

    /// Something that the caller may command now.
    ///
    /// @param range whether it asks for a range of times
    /// @param consequence what happens then
    /// @param api the call that does the same
    public record Deed(
            String action, String title, boolean range, String consequence, String api) {}

    static JobPage of(
            Detail detail,
            Items<FiringView> firings,
            Instant now,
            String baseUri,
            String told,
            String problem) {
        JobView job = detail.job();
        return new JobPage(
                JobRow.of(job, now),
                sentence(job, now),
                detail.upcoming().stream().map(time -> Words.when(time, now)).toList(),
                facts(job),
                Shown.of(job.document()),
                JobRow.history(firings.items(), now),
                firings.nextCursor()
                        .map(cursor -> "/console/jobs/" + job.name() + "?cursor=" + cursor)
                        .orElse(""),
                job.actions().stream().map(action -> deed(job, action, now, baseUri)).toList(),
                told(told),
                problem);
    }

    private static String sentence(JobView job, Instant now) {
        return switch (job.status()) {
            case ACTIVE ->
                    "Fires next "
                            + job.nextFiring()
                                    .map(next -> Words.when(next, now))
                                    .map(next -> next.relative() + ", " + next.exact())
                                    .orElse("")
                            + ".";
            case PAUSED -> "Fires nothing by itself until somebody resumes it.";
            case FINISHED -> "Its schedule has no more times.";
            case RETIRED -> "Its document was removed; it does not fire any more.";
        };
    }

    private static List<Track.Fact> facts(JobView job) {
        List<Track.Fact> facts = new ArrayList<>();
        facts.add(new Track.Fact("Schedule", JobWords.schedule(job)));
        facts.add(new Track.Fact("Runs", job.definition()));
        facts.add(new Track.Fact("Overlap", JobWords.overlap(job)));
        facts.add(new Track.Fact("Misfires", JobWords.misfire(job)));
        facts.add(
                new Track.Fact(
                        "So far",
                        Words.count(job.runs(), "run", "runs")
                                + " by its schedule, "
                                + job.openRuns()
                                + " open, "
                                + Words.count(job.waiting(), "firing waits", "firings wait")));
        facts.add(
                new Track.Fact(
                        "Kept by",
                        switch (job.origin()) {
                            case DOCUMENT -> "a document of the definitions directory";
                            case OPERATOR -> "operators";
                        }));
        return facts;
    }

    private static Deed deed(JobView job, String action, Instant now, String baseUri) {
        String after =
                JobWords.sideBySide(job)
                        ? " It runs beside those that are open."
                        : job.openRuns() == 0
                                ? " No run is open: it begins at once."
                                : " It waits until no run of the job is open ("
                                        + job.openRuns()
                                        + " now).";
        return switch (action) {
            case "pause" ->
                    deed(
                            job,
                            action,
                            "Pause",
                            "The schedule fires no more until somebody resumes it"
                                    + job.nextFiring()
                                            .map(next -> Words.when(next, now).relative())
                                            .map(next -> "; the firing " + next + " is left out")
                                            .orElse("")
                                    + ". Runs that are open go on: "
                                    + job.openRuns()
                                    + ".",
                            baseUri);
            case "resume" ->
                    deed(
                            job,
                            action,
                            "Resume",
                            "The schedule fires again, from its next time on. What was missed in"
                                    + " the pause is not made up for: backfill it if you want it.",
                            baseUri);
            case "trigger" ->
                    deed(
                            job,
                            action,
                            "Trigger now",
                            "Makes one run of "
                                    + job.definition()
                                    + ", with the job's input, besides the schedule."
                                    + after,
                            baseUri);
            default ->
                    new Deed(
                            action,
                            "Backfill",
                            true,
                            "Makes one run for each time of the schedule in the range, at most"
                                    + " 1000; a time that has its run already gets no second. "
                                    + (JobWords.sideBySide(job)
                                            ? "They run side by side."
                                            : "They run one after the other."),
                            api(
                                    job,
                                    action,
                                    "{\"from\": \"2026-11-01T00:00:00Z\", \"until\":"
                                            + " \"2026-11-02T00:00:00Z\", \"reason\": \"…\"}",
                                    baseUri));
        };
    }

    private static Deed deed(
            JobView job, String action, String title, String consequence, String baseUri) {
        return new Deed(
                action,
                title,
                false,
                consequence,
                api(job, action, "{\"reason\": \"…\"}", baseUri));
    }

    private static String api(JobView job, String action, String body, String baseUri) {
        return Api.post(baseUri, "/operator/v1/jobs/" + job.name() + "/" + action, body);
    }

    /// Only what we say ourselves: the address decides which sentence, not its words.
    private static String told(String key) {
        return switch (key) {
            case "pause" -> "The job is paused.";
            case "resume" -> "The job fires again.";
            case "trigger" -> "The firing is recorded. A scheduler makes its run at once, unless it"
                    + " has to wait for an open one.";
            case "backfill" -> "The firings are recorded. Schedulers make their runs in turn.";
            default -> "";
        };
    }

    public Track.Value documentFold() {
        return new Track.Value("Document", document);
    }
}
