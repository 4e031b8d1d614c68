package dev.signalbox.app.http;

import dev.signalbox.domain.audit.Actor.Plane;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// The operator plane's own listener, and which plane a request came in on.
///
/// Quarkus serves the request plane's port; this serves the operator's, with the same handler, so
/// that resources are written once and [PlaneBoundary] decides what is visible where. The listener
/// of a role that the process does not have is not opened.
@ApplicationScoped
public class Listeners {

    private static final long PATIENCE_SECONDS = 20;

    /// Whether Quarkus opens the request plane's port.
    private static final String REQUEST_LISTENER = "quarkus.http.host-enabled";

    private final String host;
    private final int wantedPort;
    private final Roles roles;
    private final HttpServer server;
    private volatile int operatorPort = -1;

    Listeners(
            Vertx vertx,
            Roles roles,
            @ConfigProperty(name = "signalbox.operator.host") String host,
            @ConfigProperty(name = "signalbox.operator.port") int wantedPort,
            @ConfigProperty(name = "quarkus.http.limits.max-header-size") MemorySize maxHeaders) {
        this.host = host;
        this.wantedPort = wantedPort;
        this.roles = roles;
        this.server =
                vertx.createHttpServer(
                        new HttpServerOptions()
                                // Metrics are tagged with it.
                                .setPort(wantedPort)
                                .setCompressionSupported(true)
                                .setMaxHeaderSize(maxHeaders.asBigInteger().intValueExact()));
    }

    /// Leaves the request plane's port closed if its role is off. Comes before the application
    /// starts.
    public static void leaveClosed(Roles roles) {
        if (!roles.has(Role.REQUEST)) {
            System.setProperty(REQUEST_LISTENER, "false");
        }
    }

    void start(@Observes StartupEvent event) throws InterruptedException {
        if (!roles.has(Role.OPERATOR)) {
            return;
        }
        try {
            operatorPort =
                    server.requestHandler(VertxHttpRecorder.getRootHandler())
                            .listen(wantedPort, host)
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .actualPort();
        } catch (ExecutionException | TimeoutException failed) {
            throw new ConfigurationException(
                    "the operator plane cannot listen on "
                            + host
                            + ":"
                            + wantedPort
                            + "; choose another port with signalbox.operator.port"
                            + " (SIGNALBOX_OPERATOR_PORT)",
                    failed.getCause() == null ? failed : failed.getCause());
        }
    }

    void stop(@Observes ShutdownEvent event) throws Exception {
        server.close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /// The port that the operator plane listens on, or -1 if it does not.
    public int operatorPort() {
        return operatorPort;
    }

    /// The plane whose listener `request` came in on.
    public Plane plane(HttpServerRequest request) {
        return request.localAddress().port() == operatorPort ? Plane.OPERATOR : Plane.REQUEST;
    }
}
