package dev.signalbox.runtime.http;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/// The way out for calls that definitions ask for.
///
/// Guarantee: a connection is made to the very address that was checked. A name is looked up once
/// a call, the address is held against the host's rules, and the client is told that address, so
/// that a name which leads elsewhere the next time gains nothing. Name, certificate and `Host` stay
/// those of the URL.
@ApplicationScoped
public class Egress {

    /// Finds the address of a name.
    @FunctionalInterface
    public interface Resolver {
        Future<InetAddress> resolve(String host);
    }

    private final EgressRules rules;
    private final Resolver resolver;

    /// @throws ConfigurationException if a setting is malformed
    @Inject
    public Egress(Vertx vertx, EgressSettings settings) {
        this(rules(settings), resolver(vertx));
    }

    public Egress(EgressRules rules, Resolver resolver) {
        this.rules = rules;
        this.resolver = resolver;
    }

    private static EgressRules rules(EgressSettings settings) {
        try {
            return EgressRules.of(settings.hosts(), settings.privateAddresses().orElse(List.of()));
        } catch (IllegalArgumentException malformed) {
            throw new ConfigurationException("signalbox.egress: " + malformed.getMessage());
        }
    }

    /// The resolver that the HTTP client itself would ask.
    public static Resolver resolver(Vertx vertx) {
        return host -> {
            Promise<InetAddress> found = Promise.promise();
            ((VertxInternal) vertx).resolveAddress(host, found);
            return found.future();
        };
    }

    /// The request, bound to the address that it may go to; fails with [EgressRefused] if there is
    /// none.
    public Future<RequestOptions> bound(RequestOptions request) {
        String host = request.getHost();
        int port = request.getPort();
        try {
            Optional<InetAddress> literal = rules.checkHost(host, port);
            if (literal.isPresent()) {
                return Future.succeededFuture(bound(request, literal.get()));
            }
        } catch (EgressRefused refused) {
            return Future.failedFuture(refused);
        }
        return resolver.resolve(host).map(address -> bound(request, address));
    }

    private RequestOptions bound(RequestOptions request, InetAddress address) {
        rules.checkAddress(request.getHost(), address, request.getPort());
        return request.setServer(
                SocketAddress.inetSocketAddress(
                        new InetSocketAddress(address, request.getPort())));
    }
}
