package dev.signalbox.operator.console;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.operator.Comparisons;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/// Two runs side by side.
@Path("/console/diff")
@Produces(MediaType.TEXT_HTML)
public class DiffConsole {

    private final Comparisons comparisons;
    private final Renderer renderer;

    DiffConsole(Comparisons comparisons, Renderer renderer) {
        this.comparisons = comparisons;
        this.renderer = renderer;
    }

    @GET
    @Operation(hidden = true)
    public Uni<RestResponse<String>> diff(
            @RestQuery @Nullable String left,
            @RestQuery @Nullable String right,
            @RestQuery @Nullable String all) {
        return renderer.page(
                actor ->
                        diff(
                                actor,
                                Optional.ofNullable(left),
                                Optional.ofNullable(right),
                                "true".equals(all)));
    }

    private Uni<TemplateInstance> diff(
            Actor actor, Optional<String> left, Optional<String> right, boolean all) {
        return comparisons
                .diff(actor, left, right)
                .map(diff -> DiffPage.of(diff, all, renderer.now()))
                .map(page -> Pages.diff(renderer.frame("Two runs", "runs", actor, ""), page));
    }
}
