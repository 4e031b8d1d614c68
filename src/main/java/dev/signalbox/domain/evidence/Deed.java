package dev.signalbox.domain.evidence;

import dev.signalbox.domain.id.Digest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One thing that a run did, in the words and values by which it is compared with another run's.
///
/// @param name the tool, the step, the signal; empty for what has no name
/// @param step the workflow's step that it belongs to, if it does
/// @param facts what is known of it, at most one of each aspect
public record Deed(
        Kind kind,
        String name,
        Optional<String> step,
        long seq,
        Instant at,
        List<Fact> facts) {

    /// What was done.
    public enum Kind {
        MODEL_TURN,
        CALL,
        STEP,
        VERIFICATION,
        SIGNAL,
        HOLD,
        END
    }

    /// What can differ.
    public enum Aspect {
        MODEL_OUTPUT,
        /// Which model answered.
        MODEL,
        /// What a call was to do: its tool and arguments.
        CALL,
        DECISION,
        APPROVAL,
        EFFECT,
        STEP,
        VERIFICATION,
        SIGNAL,
        HOLD,
        COST,
        OUTCOME;

        /// Whether a difference here makes two runs go different ways.
        boolean tells() {
            return this != COST && this != MODEL;
        }
    }

    /// One aspect.
    ///
    /// @param content what has to be equal, beside the values
    /// @param values what the run's payloads hold of it
    /// @param words a sentence for people
    public record Fact(
            Aspect aspect, String content, List<Digest> values, String words, Evidence evidence) {

        public Fact {
            values = List.copyOf(values);
        }

        boolean same(Fact other) {
            return content.equals(other.content) && values.equals(other.values);
        }
    }

    public Deed {
        facts = List.copyOf(facts);
    }

    /// Whether the other can be the same thing in another run.
    boolean comparable(Deed other) {
        return kind == other.kind && name.equals(other.name) && step.equals(other.step);
    }

    Optional<Fact> fact(Aspect aspect) {
        return facts.stream().filter(fact -> fact.aspect() == aspect).findFirst();
    }

    /// In what the two differ, in the order of the facts.
    List<Aspect> differences(Deed other) {
        Map<Aspect, Boolean> same = new LinkedHashMap<>();
        facts.forEach(
                fact ->
                        same.put(
                                fact.aspect(),
                                other.fact(fact.aspect()).filter(fact::same).isPresent()));
        other.facts.forEach(fact -> same.putIfAbsent(fact.aspect(), false));
        return same.entrySet().stream()
                .filter(entry -> !entry.getValue())
                .map(Map.Entry::getKey)
                .toList();
    }

    /// The aspect by which a thing is missed where it was not done at all.
    Aspect main() {
        return switch (kind) {
            case MODEL_TURN -> Aspect.MODEL_OUTPUT;
            case CALL -> Aspect.CALL;
            case STEP -> Aspect.STEP;
            case VERIFICATION -> Aspect.VERIFICATION;
            case SIGNAL -> Aspect.SIGNAL;
            case HOLD -> Aspect.HOLD;
            case END -> Aspect.OUTCOME;
        };
    }
}
