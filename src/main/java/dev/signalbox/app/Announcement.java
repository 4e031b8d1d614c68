package dev.signalbox.app;

import dev.signalbox.app.auth.Callers;
import dev.signalbox.app.http.Listeners;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/// Says, once everything is up, where everything is; then waits for the end.
@ApplicationScoped
@Unremovable
class Announcement implements QuarkusApplication {

    private static final Logger LOG = Logger.getLogger("dev.signalbox");

    private final Config config;
    private final Listeners listeners;
    private final Callers callers;
    private final Roles roles;

    Announcement(Config config, Listeners listeners, Callers callers, Roles roles) {
        this.config = config;
        this.listeners = listeners;
        this.callers = callers;
        this.roles = roles;
    }

    @Override
    public int run(String... arguments) {
        LOG.infof("Signalbox is up. %s", String.join("  ", addresses()));
        // Generated tokens are for the person at this terminal; they go to no log.
        callers.generated().ifPresent(tokens -> System.out.println(tokens.announcement()));
        Quarkus.waitForExit();
        return 0;
    }

    private List<String> addresses() {
        List<String> open = new ArrayList<>();
        if (roles.has(Role.REQUEST)) {
            URI requests = address("quarkus.http.host", port("quarkus.http.port"));
            open.add("Requests: " + requests + "/v1/runs");
        }
        if (roles.has(Role.OPERATOR)) {
            URI console = address("signalbox.operator.host", listeners.operatorPort());
            open.add("Console: " + console + "/");
        }
        URI management = address("quarkus.management.host", port("quarkus.management.port"));
        open.add("Health: " + management + "/q/health");
        return open;
    }

    private URI address(String hostKey, int port) {
        String host = config.getValue(hostKey, String.class);
        return URI.create("http://" + (host.equals("0.0.0.0") ? "localhost" : host) + ":" + port);
    }

    private int port(String key) {
        return config.getValue(key, Integer.class);
    }
}
