package dev.signalbox.domain.branch;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What was chosen when a branch was made; part of the branch, and never changed.
///
/// @param by who made the branch
/// @param reason why
public record BranchPlan(String by, String reason, List<Repeat> repeats) {

    /// What becomes of one of the origin's calls.
    ///
    /// @param effectId the origin's
    /// @param result what takes the place of calling, if the choice is not to call
    public record Repeat(
            EffectId effectId,
            String tool,
            Digest arguments,
            EffectChoice choice,
            Optional<Json> result) {}

    public BranchPlan {
        repeats = List.copyOf(repeats);
    }

    /// The first of the origin's calls that a call of the branch repeats: the same tool with the same
    /// arguments, and not repeated before.
    ///
    /// @param done the origin's effects that the branch has repeated
    public Optional<Repeat> match(String tool, Digest arguments, Set<EffectId> done) {
        return repeats.stream()
                .filter(repeat -> repeat.tool().equals(tool))
                .filter(repeat -> repeat.arguments().equals(arguments))
                .filter(repeat -> !done.contains(repeat.effectId()))
                .findFirst();
    }
}
