package dev.signalbox.support;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Says what arrives on a plane, for tests of the listeners and of who comes in. Served on both.
public abstract class EchoResource {

    /// On the request plane.
    @Path("/v1/test-echo")
    public static class OnRequestPlane extends EchoResource {
        OnRequestPlane(SecurityIdentity identity) {
            super(identity);
        }

        @GET
        @Path("role")
        @RolesAllowed("request:submitter")
        public String role() {
            return "submitter";
        }
    }

    /// On the operator plane.
    @Path("/operator/v1/test-echo")
    public static class OnOperatorPlane extends EchoResource {
        OnOperatorPlane(SecurityIdentity identity) {
            super(identity);
        }

        @GET
        @Path("role")
        @RolesAllowed("operator:approver")
        public String role() {
            return "approver";
        }
    }

    private final SecurityIdentity identity;

    EchoResource(SecurityIdentity identity) {
        this.identity = identity;
    }

    @GET
    @Path("caller")
    @Produces(MediaType.APPLICATION_JSON)
    public Map<String, Object> caller() {
        Collection<String> roles = identity.getAttribute("roles");
        return Map.of(
                "name", identity.getPrincipal().getName(),
                "plane", identity.getAttribute("plane"),
                "tenant", identity.getAttribute("tenant"),
                "roles", List.copyOf(new TreeSet<>(roles)));
    }

    @POST
    @Path("digest")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Produces(MediaType.TEXT_PLAIN)
    public Uni<String> digest(byte[] body) {
        return Uni.createFrom().item(body.length + " " + TestTokens.sha256(body));
    }

    /// Something that changes something.
    @POST
    @Path("command")
    @Produces(MediaType.TEXT_PLAIN)
    public String command() {
        return "done";
    }

    /// Three events, a second apart.
    @GET
    @Path("ticks")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<String> ticks() {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofSeconds(1))
                .select()
                .first(3)
                .map(tick -> "tick " + tick);
    }

    @GET
    @Path("broken")
    public String broken() {
        throw new IllegalStateException("an inner secret");
    }
}
