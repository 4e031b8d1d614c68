package dev.signalbox.runtime.model;

import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.observe.RunMetrics;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/// Keeps this process within what each provider allows.
@Singleton
public class Turnstiles {

    private static final Logger LOG = Logger.getLogger(Turnstiles.class);
    private static final Throughput FREE = new Free();

    /// Limits by provider.
    @ConfigMapping(prefix = "signalbox.model-limits")
    public interface ModelLimits {

        Throughput openai();

        Throughput anthropic();

        Throughput ollama();

        Throughput gemini();
    }

    /// What one provider gets from this process.
    public interface Throughput {

        /// Most calls at once.
        @WithDefault("64")
        @Min(1)
        @Max(10_000)
        int concurrent();

        /// Most calls a minute; any number if absent.
        Optional<@Min(1) @Max(1_000_000) Integer> requestsPerMinute();
    }

    private record Free() implements Throughput {
        @Override
        public int concurrent() {
            return Integer.MAX_VALUE;
        }

        @Override
        public Optional<Integer> requestsPerMinute() {
            return Optional.empty();
        }
    }

    private final Map<Provider, Turnstile> turnstiles = new EnumMap<>(Provider.class);

    @Inject
    public Turnstiles(ModelLimits limits, InstantSource clock, RunMetrics metrics) {
        for (Provider provider : Provider.values()) {
            Turnstile turnstile = turnstile(of(limits, provider), clock);
            turnstiles.put(provider, turnstile);
            if (provider != Provider.SCRIPTED) {
                metrics.modelCallsWaiting(
                        provider.name().toLowerCase(Locale.ROOT), turnstile::waiting);
            }
        }
    }

    private Turnstiles(InstantSource clock) {
        for (Provider provider : Provider.values()) {
            turnstiles.put(provider, turnstile(FREE, clock));
        }
    }

    /// Without limits.
    public static Turnstiles open(InstantSource clock) {
        return new Turnstiles(clock);
    }

    private static Turnstile turnstile(Throughput limits, InstantSource clock) {
        return new Turnstile(
                limits.concurrent(), limits.requestsPerMinute(), clock, Turnstiles::later);
    }

    private static void later(Duration delay, Runnable what) {
        Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(delay)
                .subscribe()
                .with(_ -> what.run(), problem -> LOG.error("Timer failed", problem));
    }

    private static Throughput of(ModelLimits limits, Provider provider) {
        return switch (provider) {
            case OPENAI -> limits.openai();
            case ANTHROPIC -> limits.anthropic();
            case OLLAMA -> limits.ollama();
            case GEMINI -> limits.gemini();
            case SCRIPTED -> FREE;
        };
    }

    /// Makes the call as soon as the provider may be asked.
    ///
    /// @param lane whose call it is: lanes take turns
    public <T> Uni<T> pass(Provider provider, String lane, Supplier<Uni<T>> call) {
        Turnstile turnstile = turnstiles.get(provider);
        return turnstile == null
                ? Uni.createFrom().failure(new IllegalStateException("no turnstile of " + provider))
                : turnstile.pass(lane, call);
    }
}
