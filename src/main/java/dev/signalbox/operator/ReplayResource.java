package dev.signalbox.operator;

import dev.signalbox.operator.view.ReplayView;
import dev.signalbox.web.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// Strict replay of a run.
@Path("/operator/v1/runs/{id}/replay")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: evidence")
public class ReplayResource {

    private final Replays replays;
    private final Caller caller;

    ReplayResource(Replays replays, Caller caller) {
        this.replays = replays;
        this.caller = caller;
    }

    /// What to replay with.
    ///
    /// @param definitionVersion of the run's definition; the one that the run pins if it is missing
    public record Wanted(Optional<String> definitionVersion, Optional<String> reason) {}

    /// Folds and plans the recorded run again; performs nothing.
    @POST
    public Uni<ReplayView> replay(@RestPath String id, @Nullable Wanted body) {
        return replays.replay(
                caller.actor(),
                id,
                body == null ? Optional.empty() : body.definitionVersion(),
                body == null ? Optional.empty() : body.reason());
    }
}
