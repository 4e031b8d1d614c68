package dev.signalbox.operator.view;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.job.Firing;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.store.Job;
import dev.signalbox.store.Job.PastFiring;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A job, as operators see it.
///
/// @param definition what its firings run
/// @param document the whole document, with what holds by default
/// @param origin `document` (the definitions directory keeps it) or `operator`
/// @param nextFiring the next time of its schedule
/// @param runs how many runs its schedule has made
/// @param waiting how many of its firings wait for open runs to end
/// @param openRuns how many of its runs have not ended
/// @param lastFiring the firing for the latest time
/// @param actions what the caller may do now
@Schema(name = "Job")
public record JobView(
        @Schema(implementation = String.class, format = "uuid") String id,
        String name,
        Status status,
        @Schema(examples = "refund-workflow") String definition,
        @Schema(implementation = Object.class) JsonObject document,
        Job.Origin origin,
        @Schema(implementation = Instant.class, nullable = true) Optional<Instant> nextFiring,
        long runs,
        int waiting,
        int openRuns,
        @Schema(implementation = FiringView.class, nullable = true) Optional<FiringView> lastFiring,
        List<String> actions) {

    public JobView {
        actions = List.copyOf(actions);
    }

    /// Whether a job fires by itself.
    @Schema(name = "JobStatus")
    public enum Status {
        /// It fires at its next time.
        ACTIVE,
        /// It fires by itself when it is resumed.
        PAUSED,
        /// Its schedule has no more times.
        FINISHED,
        /// Its document was removed.
        RETIRED
    }

    /// A time at which a job fired, or was to fire.
    ///
    /// @param runId the run that it made
    /// @param runStatus how that run stands
    /// @param reason why it made no run, or has not made one yet
    /// @param missed how many times before it were missed and are not made up for
    @Schema(name = "JobFiring")
    public record FiringView(
            @Schema(implementation = String.class, format = "uuid") String id,
            Instant scheduledAt,
            Firing.Cause cause,
            Firing.Status status,
            Instant decidedAt,
            @Schema(implementation = String.class, format = "uuid", nullable = true)
                    Optional<RunId> runId,
            @Schema(implementation = RunStatus.class, nullable = true)
                    Optional<RunStatus> runStatus,
            @Schema(implementation = String.class, nullable = true) Optional<String> reason,
            int missed) {

        public static FiringView of(PastFiring past) {
            Firing firing = past.firing();
            return new FiringView(
                    firing.id().toString(),
                    firing.scheduledAt(),
                    firing.cause(),
                    firing.status(),
                    firing.decidedAt(),
                    Optional.of(firing)
                            .filter(one -> one.status() == Firing.Status.STARTED)
                            .map(Firing::id)
                            .map(FiringId::run),
                    past.run(),
                    firing.reason(),
                    firing.missed());
        }
    }

    /// A job and the times at which its schedule fires next.
    @Schema(name = "JobDetail")
    public record Detail(@JsonUnwrapped JobView job, List<Instant> upcoming) {
        public Detail {
            upcoming = List.copyOf(upcoming);
        }
    }

    public static JobView of(Job job, String definition, List<String> actions) {
        return new JobView(
                job.id().toString(),
                job.name(),
                status(job),
                definition,
                job.document(),
                job.origin(),
                job.next(),
                job.fired(),
                job.queued(),
                job.open(),
                job.last().map(FiringView::of),
                actions);
    }

    private static Status status(Job job) {
        if (job.retired()) {
            return Status.RETIRED;
        }
        if (job.paused()) {
            return Status.PAUSED;
        }
        return job.next().isPresent() ? Status.ACTIVE : Status.FINISHED;
    }
}
