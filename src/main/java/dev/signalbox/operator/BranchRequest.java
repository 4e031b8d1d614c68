package dev.signalbox.operator;

import dev.signalbox.domain.branch.BranchPlan.Repeat;
import dev.signalbox.domain.branch.EffectChoice;
import dev.signalbox.domain.branch.RecordedEffect;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What somebody wants of a branch.
///
/// @param checkpoint the position in the origin's journal
/// @param input another one than the origin's
/// @param definitionVersion another one than the origin's, of the same definition
/// @param effects what becomes of the origin's calls after the checkpoint, by effect id
/// @param results what takes the place of a call that is simulated, by effect id; without one it is
///     what the origin recorded
/// @param acknowledge the effects that may happen once more
public record BranchRequest(
        @Schema(implementation = Long.class, required = true) Optional<Long> checkpoint,
        @Schema(implementation = Object.class) Optional<JsonObject> input,
        @Schema(implementation = String.class) Optional<String> definitionVersion,
        @Nullable Map<String, String> effects,
        @Schema(implementation = Object.class) @Nullable Map<String, Json> results,
        @Nullable List<String> acknowledge,
        @Schema(implementation = String.class) Optional<String> reason) {

    long position() {
        return checkpoint
                .filter(seq -> seq >= 1)
                .orElseThrow(
                        () ->
                                invalid(
                                        "checkpoint",
                                        "a branch begins at a checkpoint",
                                        "a position in the journal that the plan lists"));
    }

    List<String> acknowledged() {
        return acknowledge == null ? List.of() : acknowledge;
    }

    /// @throws ProblemException if a choice is none, or not one for its effect
    Map<EffectId, EffectChoice> choices(List<RecordedEffect> known) {
        Map<EffectId, EffectChoice> choices = new LinkedHashMap<>();
        Map<String, String> asked = effects == null ? Map.of() : effects;
        asked.forEach(
                (id, word) -> {
                    RecordedEffect effect = named("effects", id, known);
                    choices.put(effect.effectId(), choice(effect, word));
                });
        return choices;
    }

    private static EffectChoice choice(RecordedEffect effect, @Nullable String word) {
        return effect.choices().stream()
                .filter(choice -> word(choice).equals(word))
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        "effects." + effect.effectId(),
                                        "'" + word + "' is no choice for this effect",
                                        effect.choices().stream()
                                                .map(BranchRequest::word)
                                                .collect(Collectors.joining(", "))));
    }

    /// What the branch is to do with each effect, with what takes the place of calling.
    ///
    /// @param values of the origin
    List<Repeat> repeats(List<RecordedEffect> known, Map<Digest, Json> values) {
        Map<EffectId, EffectChoice> choices = choices(known);
        Map<String, Json> given = results == null ? Map.of() : results;
        given.keySet().forEach(id -> named("results", id, known));
        List<Repeat> repeats = new ArrayList<>();
        for (RecordedEffect effect : known) {
            EffectChoice choice =
                    choices.getOrDefault(effect.effectId(), effect.choices().getFirst());
            repeats.add(
                    new Repeat(
                            effect.effectId(),
                            effect.tool(),
                            effect.arguments(),
                            choice,
                            result(effect, choice, given, values)));
        }
        return repeats;
    }

    private static Optional<Json> result(
            RecordedEffect effect,
            EffectChoice choice,
            Map<String, Json> given,
            Map<Digest, Json> values) {
        Optional<Json> recorded = effect.result().map(values::get);
        String id = effect.effectId().value();
        return switch (choice) {
            case RERUN, ASK -> Optional.empty();
            case REUSE ->
                    Optional.of(
                            recorded.orElseThrow(
                                    () ->
                                            invalid(
                                                    "effects." + id,
                                                    "what it gave was erased",
                                                    "simulate with a result, rerun or ask")));
            case SIMULATE ->
                    Optional.of(
                            Stream.of(Optional.ofNullable(given.get(id)), recorded)
                                    .flatMap(Optional::stream)
                                    .findFirst()
                                    .orElseThrow(
                                            () ->
                                                    invalid(
                                                            "results." + id,
                                                            "nothing says what it gives",
                                                            "the result that the branch is to"
                                                                    + " see")));
        };
    }

    private static RecordedEffect named(String field, String id, List<RecordedEffect> known) {
        return known.stream()
                .filter(effect -> effect.effectId().value().equals(id))
                .findFirst()
                .orElseThrow(
                        () ->
                                invalid(
                                        field,
                                        "the origin has no effect '"
                                                + Reasons.shortened(id)
                                                + "' after the checkpoint",
                                        "an effect that the plan lists"));
    }

    private static String word(EffectChoice choice) {
        return choice.name().toLowerCase(Locale.ROOT);
    }

    static ProblemException invalid(String field, String detail, String expected) {
        return Problem.at(ProblemCode.INVALID_REQUEST, field, detail, expected).asException();
    }
}
