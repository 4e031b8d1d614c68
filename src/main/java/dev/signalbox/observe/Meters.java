package dev.signalbox.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The meters behind [Metric].
///
/// Guarantee: a tag has at most [#MOST_VALUES] different values in one process, whatever
/// definitions and models are called; later ones are counted together as `(other)`. Consequence: no
/// name from outside can fill a monitoring system.
@ApplicationScoped
class Meters {

    static final int MOST_VALUES = 200;
    static final String OTHER = "(other)";

    private final MeterRegistry registry;
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
    private final Map<Series, DistributionSummary> summaries = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> seen = new ConcurrentHashMap<>();

    private record Series(Metric metric, List<String> values) {}

    Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// @param values of the metric's tags, in its order
    void count(Metric metric, double amount, String... values) {
        counters.computeIfAbsent(series(metric, values), this::counter).increment(amount);
    }

    void time(Metric metric, Duration took, String... values) {
        timers.computeIfAbsent(series(metric, values), this::timer).record(took);
    }

    void size(Metric metric, long size, String... values) {
        summaries.computeIfAbsent(series(metric, values), this::summary).record((double) size);
    }

    /// Shows what `value` answers whenever it is asked; it must answer at once.
    void gauge(Metric metric, Supplier<Number> value, String... values) {
        Gauge.builder(metric.id(), value)
                .description(metric.description())
                .tags(tags(series(metric, values)))
                .baseUnit(unit(metric))
                .strongReference(true)
                .register(registry);
    }

    private Series series(Metric metric, String... values) {
        if (values.length != metric.tags().size()) {
            throw new IllegalArgumentException(metric + " has the tags " + metric.tags());
        }
        for (int index = 0; index < values.length; index++) {
            values[index] = bounded(metric.tags().get(index), values[index]);
        }
        return new Series(metric, List.of(values));
    }

    private String bounded(String tag, String value) {
        Set<String> known = seen.computeIfAbsent(tag, _ -> ConcurrentHashMap.newKeySet());
        if (known.contains(value)) {
            return value;
        }
        if (known.size() >= MOST_VALUES) {
            return OTHER;
        }
        known.add(value);
        return value;
    }

    private Counter counter(Series series) {
        return Counter.builder(series.metric().id())
                .description(series.metric().description())
                .tags(tags(series))
                .register(registry);
    }

    private Timer timer(Series series) {
        Duration[] buckets =
                series.metric().buckets().stream()
                        .map(seconds -> Duration.ofMillis(Math.round(seconds * 1000)))
                        .toArray(Duration[]::new);
        return Timer.builder(series.metric().id())
                .description(series.metric().description())
                .tags(tags(series))
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private DistributionSummary summary(Series series) {
        double[] buckets =
                series.metric().buckets().stream().mapToDouble(Double::doubleValue).toArray();
        return DistributionSummary.builder(series.metric().id())
                .description(series.metric().description())
                .tags(tags(series))
                .serviceLevelObjectives(buckets)
                .register(registry);
    }

    private static Tags tags(Series series) {
        Tags tags = Tags.empty();
        for (int index = 0; index < series.values().size(); index++) {
            tags = tags.and(series.metric().tags().get(index), series.values().get(index));
        }
        return tags;
    }

    private static @Nullable String unit(Metric metric) {
        return metric.id().endsWith(".age") ? "seconds" : null;
    }
}
