package dev.signalbox.operator;

import dev.signalbox.operator.view.BacktestReport;
import dev.signalbox.store.RunFilter;
import dev.signalbox.web.Caller;
import dev.signalbox.web.RunListQuery;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Policies, for operators.
@Path("/operator/v1/policies")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: policies", description = "Try a policy on what has happened")
public class PoliciesResource {

    private final Backtests backtests;
    private final Caller caller;

    PoliciesResource(Backtests backtests, Caller caller) {
        this.backtests = backtests;
        this.caller = caller;
    }

    /// A policy to try.
    ///
    /// @param policy its YAML document
    /// @param against whose decisions to decide again; those of the policy of the same name if not said
    /// @param since runs that were asked for at that time or later
    /// @param until runs that were asked for before
    /// @param definition runs of that definition
    @Schema(name = "BacktestRequest")
    public record Candidate(
            Optional<String> policy,
            Optional<String> against,
            Optional<String> since,
            Optional<String> until,
            Optional<String> definition) {}

    @POST
    @Path("/backtest")
    @Operation(
            summary = "Which recorded decisions would come out differently",
            description =
                    "Performs nothing. Looks at the newest 2,000 runs that match; `atLeast` says whether"
                            + " there are more.")
    public Uni<BacktestReport> backtest(@Nullable Candidate body) {
        Candidate given =
                body == null
                        ? new Candidate(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())
                        : body;
        RunFilter filter =
                RunListQuery.filter(
                        RunListQuery.filter(
                                caller.tenant(),
                                List.of(),
                                given.definition().orElse(null),
                                List.of()),
                        null,
                        null,
                        given.since().orElse(null),
                        given.until().orElse(null));
        return backtests.run(
                caller.actor(), given.policy(), given.against(), filter);
    }
}
