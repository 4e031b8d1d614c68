package dev.signalbox.app;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.ServiceLoader;
import org.eclipse.microprofile.config.Config;

/// The embedded parts of this image that the configuration wants.
final class EmbeddedParts {

    private static final String PRIVATE_ADDRESSES = "signalbox.egress.private-addresses";

    private final Deque<EmbeddedPart.Running> running = new ArrayDeque<>();

    /// Starts the parts, and lets the application know how to reach them.
    synchronized void start(Config config) {
        if (!config.getOptionalValue("signalbox.embedded.enabled", Boolean.class).orElse(true)) {
            return;
        }
        List<EmbeddedPart> parts =
                ServiceLoader.load(EmbeddedPart.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .sorted(Comparator.comparingInt(EmbeddedPart::order))
                        .toList();
        if (!parts.isEmpty() && !usesDatabaseOfOthers(config)) {
            // A first look on one's own machine: callers need not be configured.
            System.setProperty("signalbox.auth.generate-tokens", "true");
        }
        if (!parts.isEmpty()
                && config.getOptionalValue(PRIVATE_ADDRESSES, String.class).isEmpty()) {
            // On one's own machine the servers that tools call are on that machine too.
            System.setProperty(PRIVATE_ADDRESSES, "127.0.0.0/8,::1");
        }
        for (EmbeddedPart part : parts) {
            if (!part.wanted(config)) {
                continue;
            }
            EmbeddedPart.Running started = part.start(config);
            running.push(started);
            started.configuration().forEach(System::setProperty);
        }
    }

    private static boolean usesDatabaseOfOthers(Config config) {
        return config.getOptionalValue("quarkus.datasource.reactive.url", String.class).isPresent();
    }

    /// Stops the parts, the last one first.
    synchronized void stop() {
        while (!running.isEmpty()) {
            running.pop().close();
        }
    }
}
