package dev.signalbox.observe;

import dev.signalbox.store.RunLeases;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Whether the store answers: no role can do anything without it.
@Readiness
@ApplicationScoped
class StoreCheck implements AsyncHealthCheck {

    private final RunLeases leases;
    private final Roles roles;
    private final HealthSettings settings;

    StoreCheck(RunLeases leases, Roles roles, HealthSettings settings) {
        this.leases = leases;
        this.roles = roles;
        this.settings = settings;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Probe.of(Uni.createFrom().deferred(leases::now), settings.timeout())
                .map(this::response);
    }

    private HealthCheckResponse response(Probe probe) {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("store")
                        .withData("neededBy", roles.label())
                        .withData("tookMillis", probe.took().toMillis())
                        .status(probe.away().isEmpty());
        probe.away().ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }
}
