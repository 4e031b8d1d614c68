package dev.signalbox.crash;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The other side of the tools: what arrives there has happened, whoever hears of it.
final class Outside {

    /// Happen once, however often they arrive.
    private static final Set<String> HARMLESS = Set.of("crash.read", "crash.key");

    private static final String FLAKY = "crash.flaky";

    /// Never happens.
    private static final String BROKEN = "crash.broken";

    private final InstantSource clock;
    private final Map<EffectId, Integer> happened = new HashMap<>();
    private final Map<EffectId, Json> receipts = new HashMap<>();
    private final Set<EffectId> turnedAway = new HashSet<>();

    Outside(InstantSource clock) {
        this.clock = clock;
    }

    /// A call arrives.
    ToolOutcome take(ToolInvocation call) {
        String tool = call.tool().name();
        EffectId effect = call.effectId();
        if (clock.instant().isAfter(call.sendBy())) {
            return new ToolOutcome.TryAgain(
                    "not_sent", "the process stood still for too long", Optional.empty());
        }
        if (tool.equals(FLAKY) && turnedAway.add(effect)) {
            return new ToolOutcome.TryAgain("http_503", "not now", Optional.empty());
        }
        if (tool.equals(BROKEN)) {
            return new ToolOutcome.Failed("broken", "never", JsonNull.NULL);
        }
        happened.merge(effect, 1, (before, one) -> HARMLESS.contains(tool) ? before : before + one);
        return new ToolOutcome.Succeeded(
                receipts.computeIfAbsent(effect, _ -> Json.of(Map.of("receipt", tool))));
    }

    /// How often each effect has taken place; once is enough where a repeat changes nothing.
    Map<EffectId, Integer> happened() {
        return Map.copyOf(happened);
    }

    /// What the call was answered, if it has taken place.
    Optional<Json> receipt(EffectId effect) {
        return Optional.ofNullable(receipts.get(effect));
    }
}
