package dev.signalbox.app;

import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.RunQueue;
import dev.signalbox.queue.amqp.AmqpRequestQueue;
import dev.signalbox.queue.amqp.AmqpRunQueue;
import dev.signalbox.queue.memory.MemoryRunQueue;
import dev.signalbox.request.RunIntake;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.interceptor.Interceptor;

/// Which queue it is (`signalbox.queue`), and which parts of it this process's roles need.
@ApplicationScoped
class QueueWiring {

    /// After definitions are loaded and workers are there.
    private static final int LATE = Interceptor.Priority.APPLICATION + 1000;

    private final QueueSettings settings;
    private final Roles roles;
    private final Relay relay;
    private final RunIntake intake;
    private final Instance<AmqpRequestQueue> requests;
    private final RunMetrics metrics;

    QueueWiring(
            QueueSettings settings,
            Roles roles,
            Relay relay,
            RunIntake intake,
            Instance<AmqpRequestQueue> requests,
            RunMetrics metrics) {
        this.settings = settings;
        this.roles = roles;
        this.relay = relay;
        this.intake = intake;
        this.requests = requests;
        this.metrics = metrics;
    }

    @Produces
    @ApplicationScoped
    static RunQueue queue(QueueSettings settings, Instance<AmqpRunQueue> amqp, RunMetrics metrics) {
        RunQueue queue =
                switch (settings.kind()) {
                    case AMQP -> amqp.get();
                    case MEMORY -> new MemoryRunQueue();
                };
        return new ObservedRunQueue(queue, metrics);
    }

    void start(@Observes @Priority(LATE) StartupEvent event) {
        if (roles.has(Role.REQUEST) || roles.has(Role.RUNTIME)) {
            relay.start();
        }
        if (settings.kind() == QueueSettings.Kind.AMQP && roles.has(Role.REQUEST)) {
            intake.start(new ObservedRequestQueue(requests.get(), metrics));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        intake.stop();
        relay.stop();
    }
}
