package dev.signalbox.app.http;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/// Gives the meters of all listeners the same tags. Quarkus leaves the port out where it is "any
/// free one", and Prometheus refuses one meter with two sets of tags, which would keep the second
/// listener from opening.
class ListenerMetrics {

    private static final String PORT = "server.port";

    @Produces
    @Singleton
    MeterFilter alwaysWithPort() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                boolean missing =
                        id.getName().startsWith("http.server.") && id.getTag(PORT) == null;
                return missing ? id.withTag(Tag.of(PORT, "any")) : id;
            }
        };
    }
}
