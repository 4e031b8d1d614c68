package dev.signalbox.wire;

import dev.signalbox.domain.evidence.RecordedRun;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunSummary;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Events as journal entries and back. An event's type on the wire is its record's name in snake
/// case; its data are its components.
public final class EventCodec {

    private static final ClassValue<String> NAMES =
            new ClassValue<>() {
                @Override
                protected String computeValue(Class<?> event) {
                    return event.getSimpleName()
                            .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                            .toLowerCase(Locale.ROOT);
                }
            };

    private static final Map<String, Class<? extends RunEvent>> TYPES =
            events(RunEvent.class)
                    .collect(Collectors.toUnmodifiableMap(EventCodec::type, Function.identity()));

    private EventCodec() {}

    /// The event's type on the wire, such as `run_submitted`.
    public static String type(RunEvent event) {
        return type(event.getClass());
    }

    /// The entry that records `event` after the one whose hash is `prevHash`.
    public static JournalEntry link(
            RunId runId, long seq, Instant at, RunEvent event, Digest prevHash) {
        Optional<EffectId> effectId =
                event instanceof EffectEvent effect
                        ? Optional.of(effect.effectId())
                        : Optional.empty();
        return JournalEntry.link(runId, seq, at, type(event), effectId, data(event), prevHash);
    }

    /// The event that `entry` records.
    ///
    /// @throws IllegalArgumentException if this version does not know it
    public static Placed placed(JournalEntry entry) {
        Class<? extends RunEvent> type = TYPES.get(entry.type());
        if (type == null) {
            throw new IllegalArgumentException("unknown event type '" + entry.type() + "'");
        }
        return new Placed(entry.seq(), entry.at(), RecordCodec.decode(type, entry.data()));
    }

    /// The run with its journal, to be compared and reported on.
    ///
    /// @throws IllegalArgumentException if this version does not know one of the events
    public static RecordedRun recorded(RunSummary summary, List<JournalEntry> journal) {
        return new RecordedRun(
                summary,
                journal.stream()
                        .map(entry -> new RecordedRun.Recorded(placed(entry), entry.hash()))
                        .toList());
    }

    private static JsonObject data(RunEvent event) {
        return RecordCodec.encode(event);
    }

    private static String type(Class<?> event) {
        return NAMES.get(event);
    }

    private static Stream<Class<? extends RunEvent>> events(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(
                        type ->
                                type.isInterface()
                                        ? events(type)
                                        : Stream.of(type.asSubclass(RunEvent.class)));
    }
}
