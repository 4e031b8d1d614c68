package dev.signalbox.observe;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Startup;

/// What the process can say about itself.
///
/// Liveness asks nobody: to start a process anew does not bring its database or broker back, and
/// would only break off what still works.
@ApplicationScoped
class ProcessChecks {

    private final Roles roles;
    private volatile boolean started;

    ProcessChecks(Roles roles) {
        this.roles = roles;
    }

    /// Comes last: by then definitions are loaded and whatever the roles need is running.
    void started(@Observes @Priority(Integer.MAX_VALUE) StartupEvent event) {
        started = true;
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck alive() {
        return () ->
                HealthCheckResponse.named("process")
                        .withData("roles", roles.label())
                        .up()
                        .build();
    }

    @Produces
    @Singleton
    @Startup
    HealthCheck startup() {
        return () ->
                HealthCheckResponse.named("started")
                        .withData("roles", roles.label())
                        .status(started)
                        .build();
    }
}
