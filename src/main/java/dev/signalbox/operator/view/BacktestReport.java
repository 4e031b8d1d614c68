package dev.signalbox.operator.view;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.policy.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What a policy would have decided on calls that were decided by another.
///
/// @param against the name of the policy whose recorded decisions were looked at
/// @param runs how many runs were looked at, the newest first
/// @param atLeast whether there are older ones that were not
/// @param decisions how many decisions were decided again
/// @param flips how many came out differently
/// @param byRule what decides those now: a rule's id, or `lists and default`
/// @param examples of flips, the newest first
@Schema(name = "Backtest")
public record BacktestReport(
        String policy,
        @Schema(implementation = String.class) Digest policyDigest,
        String against,
        int runs,
        boolean atLeast,
        int decisions,
        int flips,
        List<Change> changes,
        List<Count> byRule,
        List<Count> byTool,
        List<Count> byDefinition,
        List<Flip> examples,
        Waiting waiting,
        Unjudged unjudged) {

    public BacktestReport {
        changes = List.copyOf(changes);
        byRule = List.copyOf(byRule);
        byTool = List.copyOf(byTool);
        byDefinition = List.copyOf(byDefinition);
        examples = List.copyOf(examples);
    }

    /// How many decisions went from one verdict to another.
    @Schema(name = "BacktestChange")
    public record Change(Verdict from, Verdict to, int count) {}

    /// How many flips something has.
    @Schema(name = "BacktestCount")
    public record Count(String name, int count) {}

    /// A decision that came out differently.
    ///
    /// @param seq where it stands in the run's journal
    /// @param arguments of the call, as the caller may see them
    /// @param reason why the policy decides as it does now
    @Schema(name = "BacktestFlip")
    public record Flip(
            @Schema(implementation = String.class, format = "uuid") RunId runId,
            long seq,
            Instant at,
            String definition,
            String tool,
            @Schema(implementation = Object.class, nullable = true) Optional<Json> arguments,
            Verdict from,
            Verdict to,
            @Schema(implementation = String.class, nullable = true) Optional<String> ruleBefore,
            @Schema(implementation = String.class, nullable = true) Optional<String> ruleNow,
            String reason) {}

    /// What the policy would cost people.
    ///
    /// @param more approvals that would have been asked for and were not
    /// @param fewer approvals that were asked for and would not have been
    /// @param medianWait of the approvals that these runs had; empty if they had none
    /// @param added the time that runs would have waited longer: the approvals more, less those fewer,
    ///     at the median; empty if there is no median
    @Schema(name = "BacktestWaiting")
    public record Waiting(
            int more,
            int fewer,
            @Schema(implementation = String.class, nullable = true) Optional<Duration> medianWait,
            @Schema(implementation = String.class, nullable = true) Optional<Duration> added) {}

    /// Decisions that could not be decided again.
    ///
    /// @param erased because the call's arguments or the run's input are gone
    /// @param unknownTool because the tool of the pinned definition cannot be read
    @Schema(name = "BacktestUnjudged")
    public record Unjudged(int erased, int unknownTool) {}
}
