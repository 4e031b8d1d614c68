package dev.signalbox.crash;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Conversation.Entry;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.Turn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How a run ended, and what it had said and done until then: all that must not depend on crashes.
///
/// @param effects how often each effect took place, by its place in its run
record End(String ended, List<String> said, String used, Map<String, Integer> effects) {

    static End of(
            RunSummary run, RunState state, Json output, Map<EffectId, Integer> happened) {
        Progress progress = state.progress();
        List<String> said = new ArrayList<>();
        progress.conversation().entries().forEach(entry -> said.add(line(entry)));
        progress.turn().map(End::line).ifPresent(said::add);
        Map<String, Integer> effects = new TreeMap<>();
        String own = run.identity().id() + "-";
        happened.forEach(
                (effect, times) ->
                        effects.merge(
                                (effect.value().startsWith(own) ? "" : "child ")
                                        + Frontier.place(effect.value()),
                                times,
                                Integer::sum));
        return new End(
                run.status() + " " + run.error() + " " + output.canonical(),
                said,
                "%d model calls, %d tool calls, %d tokens, %d proposals, %d revisions"
                        .formatted(
                                progress.usage().modelCalls(),
                                progress.usage().toolCalls(),
                                progress.usage().tokens(),
                                progress.proposals(),
                                progress.revisions()),
                effects);
    }

    private static String line(Entry entry) {
        return switch (entry) {
            case Entry.ModelTurn(Turn turn) -> line(turn);
            case Entry.Feedback feedback -> feedback.toString();
            case Entry.Steering steering -> steering.toString();
        };
    }

    private static String line(Turn turn) {
        StringBuilder line = new StringBuilder().append(turn.model()).append(turn.output());
        turn.calls()
                .values()
                .forEach(
                        call ->
                                line.append("; ")
                                        .append(Frontier.place(call.effectId().value()))
                                        .append(' ')
                                        .append(call.tool())
                                        .append(' ')
                                        .append(call.arguments())
                                        .append(' ')
                                        .append(call.status()));
        return line.toString();
    }
}
