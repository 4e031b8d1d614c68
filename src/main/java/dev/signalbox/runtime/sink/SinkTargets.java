package dev.signalbox.runtime.sink;

import dev.signalbox.queue.EventQueue;
import dev.signalbox.queue.QueueSettings;
import dev.signalbox.runtime.http.Egress;
import dev.signalbox.runtime.sink.SinkSettings.Sink;
import dev.signalbox.runtime.sink.SinkTerms.Globs;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// The sinks that the settings ask for, and the host's hooks if it has any.
@ApplicationScoped
class SinkTargets {

    private static final Logger LOG = Logger.getLogger(SinkTargets.class);

    private final SinkSettings settings;
    private final QueueSettings queue;
    private final Instance<EventQueue> events;
    private final HookSink hooks;
    private final Egress egress;
    private final InstantSource clock;
    private final HttpClient client;

    SinkTargets(
            SinkSettings settings,
            QueueSettings queue,
            Instance<EventQueue> events,
            HookSink hooks,
            Egress egress,
            Vertx vertx,
            InstantSource clock) {
        this.settings = settings;
        this.queue = queue;
        this.events = events;
        this.hooks = hooks;
        this.egress = egress;
        this.clock = clock;
        this.client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setTracingPolicy(TracingPolicy.IGNORE)
                                .setVerifyHost(true));
    }

    @PreDestroy
    void close() {
        client.close();
    }

    /// A sink, and what it gets.
    record Target(SinkTerms terms, EventSink sink) {}

    Set<String> names() {
        return Stream.concat(
                        enabled().map(Map.Entry::getKey),
                        hooks.target().map(target -> target.terms().name()).stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// @throws ConfigurationException if a setting is wrong
    List<Target> all() {
        return Stream.concat(
                        enabled().map(one -> target(one.getKey(), one.getValue())),
                        hooks.target().stream())
                .toList();
    }

    private Stream<Map.Entry<String, Sink>> enabled() {
        return settings.all().entrySet().stream().filter(one -> one.getValue().enabled());
    }

    private Target target(String name, Sink sink) {
        if (name.equals(HookSink.NAME)) {
            throw new ConfigurationException(
                    "signalbox.sinks." + name + ": the name is taken by the host's hooks");
        }
        SinkTerms terms =
                new SinkTerms(
                        name,
                        sink.piiSafe(),
                        Globs.of(sink.types().orElseGet(() -> types(sink.kind()))),
                        Globs.of(sink.definitions()),
                        Globs.of(sink.tenants()),
                        attempts(sink),
                        SinkTerms.lease(sink.timeout()));
        return new Target(terms, sink(name, sink));
    }

    private static List<String> types(SinkSettings.Kind kind) {
        return switch (kind) {
            case LOG, FILE -> List.of("*");
            case AMQP, WEBHOOK -> List.of(OutgoingEvent.RUNS, OutgoingEvent.APPROVALS);
        };
    }

    private static OptionalInt attempts(Sink sink) {
        return switch (sink.kind()) {
            case LOG, FILE, AMQP -> OptionalInt.empty();
            case WEBHOOK -> OptionalInt.of(sink.attempts());
        };
    }

    private EventSink sink(String name, Sink sink) {
        return switch (sink.kind()) {
            case LOG -> new LogSink(name);
            case FILE ->
                    new FileSink(
                            required(name, "path", sink.path()),
                            sink.maxSize().asLongValue(),
                            sink.keep());
            case AMQP -> amqp(name);
            case WEBHOOK ->
                    new WebhookSink(
                            client,
                            egress,
                            clock,
                            url(name, sink),
                            key(name, sink),
                            sink.timeout());
        };
    }

    private EventSink amqp(String name) {
        return switch (queue.kind()) {
            case AMQP -> new AmqpSink(events.get());
            case MEMORY -> throw wrong(name, "kind", "amqp needs signalbox.queue=amqp");
        };
    }

    private static byte[] key(String name, Sink sink) {
        return WebhookSink.key(required(name, "secret", sink.secret()))
                .orElseThrow(
                        () ->
                                wrong(
                                        name,
                                        "secret",
                                        "expected whsec_ and Base64, or a text, of at least 16"
                                                + " bytes"));
    }

    private static String url(String name, Sink sink) {
        String url = required(name, "url", sink.url());
        try {
            URI uri = URI.create(url);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException malformed) {
            LOG.debugf("sink %s: %s", name, malformed.getMessage());
        }
        throw wrong(name, "url", "expected http:// or https:// and a server, no credentials");
    }

    private static <T> T required(String name, String key, Optional<T> value) {
        return value.orElseThrow(() -> wrong(name, key, "is missing"));
    }

    private static ConfigurationException wrong(String name, String key, String what) {
        return new ConfigurationException("signalbox.sinks." + name + "." + key + ": " + what);
    }
}
