package dev.signalbox.operator;

import dev.signalbox.operator.view.DiffView;
import dev.signalbox.web.Caller;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// Two runs compared.
@Path("/operator/v1/diff")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "operator: evidence")
public class DiffResource {

    private final Comparisons comparisons;
    private final Caller caller;

    DiffResource(Comparisons comparisons, Caller caller) {
        this.comparisons = comparisons;
        this.caller = caller;
    }

    @GET
    public Uni<DiffView> diff(@RestQuery @Nullable String left, @RestQuery @Nullable String right) {
        return comparisons.diff(
                caller.actor(), Optional.ofNullable(left), Optional.ofNullable(right));
    }
}
