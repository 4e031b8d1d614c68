package dev.signalbox.app;

import dev.signalbox.observe.Roles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/// The roles of this process as a bean.
@ApplicationScoped
class RolesWiring {

    @Produces
    @Singleton
    Roles roles(Config config) {
        return Roles.of(config);
    }
}
