package dev.signalbox.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A run, as both planes and the queue show it.
///
/// @param input `null` once it has been erased
@Schema(name = "Run")
public record RunView(
        @Schema(implementation = String.class, format = "uuid") RunId id,
        @Schema(examples = "refund-agent") String definition,
        @Schema(examples = "1.0.0") String version,
        @Schema(implementation = String.class) Digest definitionDigest,
        @Schema(implementation = String.class, enumeration = {"agent", "workflow"}) DefinitionRef.Kind kind,
        RunStatus status,
        @Schema(implementation = Object.class, nullable = true) Optional<Json> input,
        @Schema(implementation = Object.class, nullable = true) Optional<Json> output,
        @Schema(implementation = RunError.class, nullable = true) Optional<RunError> error,
        Map<String, String> labels,
        Instant createdAt,
        @Schema(implementation = Instant.class, nullable = true) Optional<Instant> startedAt,
        Instant updatedAt,
        @Schema(implementation = Instant.class, nullable = true) Optional<Instant> finishedAt,
        @Schema(implementation = String.class, format = "uuid") RunId rootRunId,
        @Schema(implementation = String.class, format = "uuid", nullable = true)
                Optional<RunId> parentRunId,
        @Schema(implementation = Branch.class, nullable = true) Optional<Branch> branchedFrom,
        long headSeq,
        @Schema(implementation = Wait.class, nullable = true) Optional<Wait> waitingOn,
        Spent usage,
        String traceId,
        Links links) {

    /// The point of another run that this one was branched from.
    @Schema(name = "BranchPoint")
    public record Branch(
            @Schema(implementation = String.class, format = "uuid") RunId runId, long seq) {}

    /// Why the run is not progressing, and what would unblock it.
    @Schema(name = "WaitingOn")
    public record Wait(
            WaitingOn.Kind kind,
            Instant since,
            String detail,
            @JsonInclude(JsonInclude.Include.NON_ABSENT)
                    @Schema(implementation = String.class, format = "uuid")
                    Optional<ApprovalId> approvalId) {}

    /// What the run has used up so far.
    ///
    /// @param inputTokens all of them, those from and for a provider's prompt cache included
    /// @param cacheReadTokens input tokens that came from a provider's prompt cache
    /// @param costUsd in US dollars, of the calls whose price was known
    /// @param cacheWriteTokens input tokens that went into one
    /// @param unpricedModelCalls answers whose price nobody knew, so that costs are not in `costUsd`
    @Schema(name = "Usage")
    public record Spent(
            int modelCalls,
            int toolCalls,
            long inputTokens,
            long outputTokens,
            BigDecimal costUsd,
            long cacheReadTokens,
            long cacheWriteTokens,
            int unpricedModelCalls) {

        /// Both together.
        public Spent plus(Spent more) {
            return new Spent(
                    modelCalls + more.modelCalls,
                    toolCalls + more.toolCalls,
                    inputTokens + more.inputTokens,
                    outputTokens + more.outputTokens,
                    costUsd.add(more.costUsd),
                    cacheReadTokens + more.cacheReadTokens,
                    cacheWriteTokens + more.cacheWriteTokens,
                    unpricedModelCalls + more.unpricedModelCalls);
        }
    }

    /// Where to look next.
    @Schema(name = "RunLinks")
    public record Links(String self, String events) {}

    /// As the request plane links it.
    ///
    /// @param payloads the values of the run that are still there, by digest
    public static RunView of(RunSummary run, Map<Digest, Json> payloads) {
        String self = "/v1/runs/" + run.identity().id();
        return of(run, payloads, new Links(self, self + "/events"));
    }

    /// @param payloads the values of the run that are still there, by digest
    public static RunView of(RunSummary run, Map<Digest, Json> payloads, Links links) {
        RunIdentity identity = run.identity();
        Lineage lineage = identity.lineage();
        return new RunView(
                identity.id(),
                identity.definition().name(),
                identity.definition().version(),
                identity.definition().digest(),
                identity.definition().kind(),
                run.status(),
                Optional.ofNullable(payloads.get(identity.input())),
                run.output().map(payloads::get),
                run.error(),
                identity.labels(),
                identity.createdAt(),
                run.startedAt(),
                run.updatedAt(),
                run.finishedAt(),
                lineage.root(),
                lineage.parent(),
                lineage.branchedFrom().map(from -> new Branch(from.runId(), from.seq())),
                run.headSeq(),
                run.waitingOn().map(RunView::waiting),
                spent(run.usage()),
                identity.traceId(),
                links);
    }

    private static Wait waiting(WaitingOn waitingOn) {
        return new Wait(
                waitingOn.kind(), waitingOn.since(), waitingOn.detail(), waitingOn.approvalId());
    }

    private static Spent spent(Usage usage) {
        return new Spent(
                usage.modelCalls(),
                usage.toolCalls(),
                usage.inputTokens(),
                usage.outputTokens(),
                usage.costUsd(),
                usage.cacheReadTokens().orElse(0L),
                usage.cacheWriteTokens().orElse(0L),
                usage.unpricedModelCalls().orElse(0));
    }
}
