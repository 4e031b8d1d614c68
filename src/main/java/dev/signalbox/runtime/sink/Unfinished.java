package dev.signalbox.runtime.sink;

import dev.signalbox.domain.id.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Runs whose notes are delivered in part: how far, what has failed, and when it is tried again. Only
/// in memory: after a restart the whole note is delivered again.
final class Unfinished {

    static final Duration SHORTEST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST_DOUBLINGS = 16;

    private final Map<RunId, Place> runs = new ConcurrentHashMap<>();

    /// @param done everything up to here has been delivered or given up
    /// @param attempts at the event after that, all in vain
    /// @param since when that event happened
    /// @param until when it is tried again
    private record Place(long done, int attempts, Instant since, Instant until) {}

    /// How far the run's events have been delivered; 0 if nothing is known.
    long done(RunId run) {
        Place place = runs.get(run);
        return place == null ? 0 : place.done();
    }

    /// The event after `done` was not taken; answers how often so far.
    ///
    /// @param since when that event happened
    int failed(RunId run, long done, Instant since, Instant now) {
        return runs.compute(
                        run,
                        (_, before) -> {
                            int attempts =
                                    before == null || before.done() != done
                                            ? 1
                                            : before.attempts() + 1;
                            return new Place(done, attempts, since, now.plus(pause(attempts)));
                        })
                .attempts();
    }

    private static Duration pause(int attempts) {
        Duration pause = SHORTEST.multipliedBy(1L << Math.min(attempts - 1, MOST_DOUBLINGS));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }

    /// There was no time for the event after `done`.
    void brokenOff(RunId run, long done, Instant since, Instant now) {
        runs.put(run, new Place(done, 0, since, now));
    }

    /// Everything of the run has been delivered.
    void finished(RunId run) {
        runs.remove(run);
    }

    /// Forgets runs of which nothing is heard any more.
    void keepOnly(Set<RunId> heardOf) {
        runs.keySet().retainAll(heardOf);
    }

    /// Runs that are not to be tried yet.
    Set<RunId> resting(Instant now) {
        return runs.entrySet().stream()
                .filter(run -> run.getValue().until().isAfter(now))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Whether nothing fails.
    boolean none() {
        return runs.values().stream().allMatch(place -> place.attempts() == 0);
    }

    /// How long it is until one of those that rest is tried again, at most `most`.
    Duration next(Instant now, Duration most) {
        return runs.values().stream()
                .map(place -> Duration.between(now, place.until()))
                .filter(pause -> !pause.isNegative() && pause.compareTo(most) < 0)
                .min(Duration::compareTo)
                .orElse(most);
    }

    /// When the oldest event happened that could not be delivered.
    Optional<Instant> oldest() {
        return runs.values().stream().map(Place::since).min(Instant::compareTo);
    }
}
