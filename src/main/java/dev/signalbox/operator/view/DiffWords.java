package dev.signalbox.operator.view;

import dev.signalbox.domain.evidence.Deed;
import dev.signalbox.domain.evidence.Deed.Fact;
import dev.signalbox.domain.evidence.TraceDiff;
import dev.signalbox.domain.evidence.TraceDiff.Divergence;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunSummary;
import java.util.Optional;

/// Why two runs differ, in words.
final class DiffWords {

    private DiffWords() {}

    static String explain(TraceDiff diff, RunSummary left, RunSummary right) {
        return why(diff, left, right) + diff.first().map(DiffWords::where).orElse("");
    }

    private static String why(TraceDiff diff, RunSummary left, RunSummary right) {
        return switch (diff.cause()) {
            case NONE ->
                    definitions(left, right).map(d -> d + " Even so, they").orElse("They")
                            + " did the same, as far as their journals tell.";
            case DEFINITION ->
                    definitions(left, right).orElse("") + " That can be why they differ.";
            case INPUT -> "The same definition, but not the same input.";
            case OTHER_MODEL ->
                    "The same definition and input, but another model answered, and it answered"
                            + " differently.";
            case MODEL -> "The same definition, input and model: the model answered differently.";
            case PEOPLE ->
                    "The same definition and input, and the model said the same: people decided"
                            + " differently.";
            case OUTSIDE ->
                    "The same definition and input, and the same was asked: what was called"
                            + " answered differently.";
            case RUN ->
                    "The same definition and input: what differs comes from the run itself, such"
                            + " as its labels, who asked for it, or its limits.";
        };
    }

    private static Optional<String> definitions(RunSummary left, RunSummary right) {
        DefinitionRef one = left.identity().definition();
        DefinitionRef other = right.identity().definition();
        if (one.digest().equals(other.digest())) {
            return Optional.empty();
        }
        return Optional.of(
                one.name().equals(other.name()) && one.version().equals(other.version())
                        ? "The definition is not the same: both are "
                                + name(one)
                                + ", but with another content."
                        : "The definition is not the same: "
                                + name(one)
                                + " left, "
                                + name(other)
                                + " right.");
    }

    private static String name(DefinitionRef definition) {
        return definition.name() + " " + definition.version();
    }

    private static String where(Divergence first) {
        return " It begins with "
                + what(first)
                + ": left "
                + words(first.left())
                + ", right "
                + words(first.right())
                + ".";
    }

    private static String words(Optional<Fact> fact) {
        return fact.map(said -> "“" + said.words() + "” (event " + said.evidence().seq() + ")")
                .orElse("has nothing of the kind");
    }

    private static String what(Divergence first) {
        String of = first.of().isEmpty() ? "" : " of " + first.of();
        return switch (first.aspect()) {
            case MODEL_OUTPUT -> "what the model said";
            case MODEL -> "which model answered";
            case CALL -> (first.kind() == Deed.Kind.STEP ? "the input" : "a call") + of;
            case DECISION -> "the policy's decision on the call" + of;
            case APPROVAL -> "the approval" + of;
            case EFFECT -> "what came of the call" + of;
            case STEP -> "how the step" + of.replaceFirst(" of", "") + " ended";
            case VERIFICATION -> "the verification";
            case SIGNAL -> "a signal" + of;
            case HOLD -> "a hold" + of.replaceFirst(" of", " for");
            case COST -> "the cost";
            case OUTCOME -> "how the run ended";
        };
    }
}
