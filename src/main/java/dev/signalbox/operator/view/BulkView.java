package dev.signalbox.operator.view;

import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.RunFilter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A command to many runs.
///
/// @param id empty of a dry run
/// @param status `dry_run`, `running`, `completed` or `aborted`
/// @param total how many runs matched when it was asked for
/// @param done how many have been seen to
/// @param accepted how many of those took the command
/// @param refused how many did not
/// @param examples of a dry run: some of the runs, the newest first
/// @param refusals some of the refused
@Schema(name = "Bulk")
public record BulkView(
        @Schema(implementation = String.class, format = "uuid", nullable = true) Optional<BulkId> id,
        Bulk.Action action,
        Filter filter,
        String reason,
        String by,
        @Schema(enumeration = {"dry_run", "running", "completed", "aborted"}) Status status,
        boolean dryRun,
        int total,
        int done,
        int accepted,
        int refused,
        Instant createdAt,
        @Schema(implementation = Instant.class, nullable = true) Optional<Instant> finishedAt,
        List<Example> examples,
        List<Bulk.Refusal> refusals) {

    public BulkView {
        examples = List.copyOf(examples);
        refusals = List.copyOf(refusals);
    }

    /// How far a bulk command has come.
    public enum Status {
        DRY_RUN,
        RUNNING,
        COMPLETED,
        ABORTED
    }

    /// Which runs are meant.
    ///
    /// @param until at the latest when the command was asked for
    @Schema(name = "BulkFilter")
    public record Filter(
            Set<RunStatus> status,
            @Schema(implementation = String.class, nullable = true) Optional<String> definition,
            Map<String, String> label,
            @Schema(implementation = String.class, nullable = true) Optional<String> text,
            @Schema(implementation = Instant.class, nullable = true) Optional<Instant> since,
            @Schema(implementation = Instant.class, nullable = true) Optional<Instant> until) {

        static Filter of(RunFilter filter) {
            return new Filter(
                    filter.statuses(),
                    filter.definition(),
                    filter.labels(),
                    filter.text(),
                    filter.since(),
                    filter.until());
        }
    }

    /// A run that would be commanded.
    @Schema(name = "BulkExample")
    public record Example(
            @Schema(implementation = String.class, format = "uuid") RunId id,
            String definition,
            RunStatus status,
            Instant createdAt) {

        public static Example of(RunSummary run) {
            return new Example(
                    run.identity().id(),
                    run.identity().definition().name(),
                    run.status(),
                    run.identity().createdAt());
        }
    }

    public static BulkView of(Bulk bulk) {
        return of(bulk, Optional.of(bulk.id()), status(bulk.status()), List.of());
    }

    /// What `bulk`, which is kept nowhere, would do.
    public static BulkView dryRun(Bulk bulk, List<Example> examples) {
        return of(bulk, Optional.empty(), Status.DRY_RUN, examples);
    }

    private static BulkView of(
            Bulk bulk, Optional<BulkId> id, Status status, List<Example> examples) {
        return new BulkView(
                id,
                bulk.action(),
                Filter.of(bulk.filter()),
                bulk.reason(),
                bulk.by().name(),
                status,
                status == Status.DRY_RUN,
                bulk.total(),
                bulk.accepted() + bulk.refused(),
                bulk.accepted(),
                bulk.refused(),
                bulk.createdAt(),
                bulk.ended(),
                examples,
                bulk.refusals());
    }

    private static Status status(Bulk.Status status) {
        return switch (status) {
            case RUNNING -> Status.RUNNING;
            case COMPLETED -> Status.COMPLETED;
            case ABORTED -> Status.ABORTED;
        };
    }
}
