package dev.signalbox.operator;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.wire.EventCodec;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The calls of a run that happened, or may have. Pure.
///
/// @param byTool by the tool's name; child runs stand under a name that no tool has
record SentCalls(Map<String, Set<EffectId>> byTool) {

    private static final String CHILD = "(child run)";

    SentCalls {
        byTool = Map.copyOf(byTool);
    }

    static SentCalls of(List<JournalEntry> journal) {
        Map<EffectId, String> tools = new HashMap<>();
        Map<EffectId, String> sent = new LinkedHashMap<>();
        for (JournalEntry entry : journal) {
            RunEvent event = EventCodec.placed(entry).event();
            if (event instanceof RunEvent.ToolProposed call) {
                tools.put(call.effectId(), call.tool());
            } else if (event instanceof RunEvent.ToolStarted started) {
                sent.put(started.effectId(), tools.getOrDefault(started.effectId(), CHILD));
            } else if (event instanceof RunEvent.ToolCompleted done) {
                sent.put(done.effectId(), tools.getOrDefault(done.effectId(), CHILD));
            } else if (event instanceof RunEvent.ToolFailed failed
                    && failed.kind() != FailureKind.UNKNOWN) {
                sent.remove(failed.effectId());
            } else if (event instanceof RunEvent.EffectReconciled found && !found.happened()) {
                sent.remove(found.effectId());
            } else if (event instanceof RunEvent.ChildStarted child) {
                sent.put(child.effectId(), CHILD);
            }
        }
        Map<String, Set<EffectId>> byTool = new HashMap<>();
        sent.forEach(
                (effect, tool) ->
                        byTool.computeIfAbsent(tool, _ -> new LinkedHashSet<>()).add(effect));
        return new SentCalls(byTool);
    }

    /// Those of some tools.
    List<EffectId> of(Collection<String> tools) {
        return tools.stream()
                .flatMap(tool -> byTool.getOrDefault(tool, Set.of()).stream())
                .sorted((left, right) -> left.value().compareTo(right.value()))
                .toList();
    }
}
