package dev.signalbox.app;

import dev.signalbox.observe.HealthSettings;
import dev.signalbox.observe.Probe;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.queue.RunQueue;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.Set;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Whether the queue can be reached.
///
/// A process that only works on runs has nothing to do without it and is not ready. One that people
/// or clients come to stays ready: what they submit and decide is durable, and runs go on when the
/// queue is back; the check only says so. A process with the operator's role alone does not ask.
@Readiness
@ApplicationScoped
class QueueCheck implements AsyncHealthCheck {

    private final RunQueue queue;
    private final QueueSettings queueSettings;
    private final Roles roles;
    private final HealthSettings settings;

    QueueCheck(
            RunQueue queue, QueueSettings queueSettings, Roles roles, HealthSettings settings) {
        this.queue = queue;
        this.queueSettings = queueSettings;
        this.roles = roles;
        this.settings = settings;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (roles.on().equals(Set.of(Role.OPERATOR))) {
            return Uni.createFrom().item(response().withData("used", false).up().build());
        }
        return Probe.of(Uni.createFrom().deferred(queue::reachable), settings.timeout())
                .map(this::response);
    }

    private HealthCheckResponse response(Probe probe) {
        boolean required = roles.on().equals(Set.of(Role.RUNTIME));
        HealthCheckResponseBuilder response =
                response()
                        .withData("used", true)
                        .withData("required", required)
                        .withData("reachable", probe.away().isEmpty())
                        .withData("tookMillis", probe.took().toMillis())
                        .status(!required || probe.away().isEmpty());
        probe.away().ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }

    private HealthCheckResponseBuilder response() {
        return HealthCheckResponse.named("queue")
                .withData("kind", queueSettings.kind().name().toLowerCase(Locale.ROOT));
    }
}
