package dev.signalbox.bench;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// When a tool that somebody waits for was called.
final class Signals {

    private static final Map<String, CompletableFuture<Long>> WAITING = new ConcurrentHashMap<>();

    private Signals() {}

    /// Completes with [System#nanoTime] of the call that has that key.
    static CompletableFuture<Long> of(String key) {
        return WAITING.computeIfAbsent(key, _ -> new CompletableFuture<>());
    }

    static void called(String key) {
        CompletableFuture<Long> waiting = WAITING.remove(key);
        if (waiting != null) {
            waiting.complete(System.nanoTime());
        }
    }
}
