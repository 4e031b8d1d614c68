package dev.signalbox.operator.view;

import dev.signalbox.domain.branch.EffectChoice;
import dev.signalbox.domain.branch.Hazard;
import dev.signalbox.domain.branch.RecordedEffect;
import dev.signalbox.domain.branch.RecordedEffect.Outcome;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Progress.Checkpoint;
import dev.signalbox.domain.tool.SideEffect;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// What a branch from a checkpoint would take over and do.
///
/// @param checkpoints where else a branch can begin
/// @param inheritedEvents how many events of the origin it takes over
/// @param acknowledge the effects that have to be acknowledged, as they are chosen
@Schema(name = "BranchPlan")
public record BranchPlanView(
        @Schema(implementation = String.class, format = "uuid") RunId runId,
        Checkpoint checkpoint,
        List<Checkpoint> checkpoints,
        String definition,
        String version,
        int inheritedEvents,
        List<Effect> effects,
        @Schema(implementation = String[].class) List<EffectId> acknowledge) {

    /// One call that the origin made after the checkpoint.
    ///
    /// @param arguments as the caller may see them; missing if erased
    /// @param result what the origin recorded
    /// @param hazardDetail what the hazard means, for people
    /// @param byDefault what happens if nothing is chosen
    @Schema(name = "BranchEffect")
    public record Effect(
            @Schema(implementation = String.class) EffectId effectId,
            long seq,
            String tool,
            SideEffect sideEffect,
            @Schema(implementation = Object.class) Optional<Json> arguments,
            Outcome outcome,
            @Schema(implementation = Object.class) Optional<Json> result,
            @Schema(implementation = String.class) Optional<RunId> childRunId,
            Hazard hazard,
            String hazardDetail,
            List<EffectChoice> choices,
            EffectChoice byDefault,
            EffectChoice choice) {

        public static Effect of(RecordedEffect effect, EffectChoice choice, Values values) {
            return new Effect(
                    effect.effectId(),
                    effect.seq(),
                    effect.tool(),
                    effect.sideEffect(),
                    values.get(effect.arguments()),
                    effect.outcome(),
                    effect.result().flatMap(values::get),
                    effect.child(),
                    effect.hazard(),
                    detail(effect.hazard()),
                    effect.choices(),
                    effect.choices().getFirst(),
                    choice);
        }

        private static String detail(Hazard hazard) {
            return switch (hazard) {
                case NONE -> "Making it again changes nothing that has not been changed.";
                case HAPPENED -> "It has changed something outside; made again, it does so twice.";
                case OUTCOME_UNKNOWN ->
                        "Nobody knows whether it has changed something outside; made again, it may"
                                + " do so twice.";
                case CHILD_RUN ->
                        "A run of its own did it; a new one makes all of its calls again.";
            };
        }
    }

    /// The effects with what was chosen for each, or what is the default.
    public static List<Effect> effects(
            List<RecordedEffect> effects, Map<EffectId, EffectChoice> choices, Values values) {
        return effects.stream()
                .map(
                        effect ->
                                Effect.of(
                                        effect,
                                        choices.getOrDefault(
                                                effect.effectId(), effect.choices().getFirst()),
                                        values))
                .toList();
    }
}
