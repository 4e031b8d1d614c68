package dev.signalbox.bench;

import java.util.Collection;
import java.util.List;

/// How long each of some calls took, in nanoseconds.
///
/// @param elapsed from the first call's begin to the last one's end
/// @param sorted the calls, the shortest first
record Times(long elapsed, List<Long> sorted) {

    static Times of(long elapsed, Collection<Long> calls) {
        return new Times(elapsed, calls.stream().sorted().toList());
    }

    int count() {
        return sorted.size();
    }

    double perSecond() {
        return count() * 1e9 / elapsed;
    }

    double p50Millis() {
        return at(50);
    }

    double p99Millis() {
        return at(99);
    }

    private double at(int percent) {
        return sorted.isEmpty()
                ? Double.NaN
                : sorted.get(Math.min(count() - 1, count() * percent / 100)) / 1e6;
    }
}
