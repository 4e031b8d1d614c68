package dev.signalbox.operator.view;

import dev.signalbox.domain.evidence.Deed;
import dev.signalbox.domain.evidence.Deed.Aspect;
import dev.signalbox.domain.evidence.Deed.Fact;
import dev.signalbox.domain.evidence.TraceDiff;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.web.RunView;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// Two runs side by side.
///
/// @param explanation why they differ and where it began, in words
/// @param same what they have in common, at a glance
/// @param first the first difference of each aspect, by its name: `modelOutput`, `decision`,
///     `approval`, `effect`, `verification`, `cost`, …
@Schema(name = "Diff")
public record DiffView(
        TraceDiff.AlignedBy alignedBy,
        TraceDiff.Cause cause,
        String explanation,
        RunView left,
        RunView right,
        Same same,
        @Schema(implementation = Divergence.class, nullable = true)
                Optional<Divergence> firstDivergence,
        Map<String, Divergence> first,
        List<Row> rows) {

    /// Whether both have the same.
    @Schema(name = "DiffSame")
    public record Same(
            boolean status,
            boolean input,
            boolean output,
            boolean definition,
            boolean usage,
            boolean events) {}

    /// One difference; a side that is `null` has nothing of the kind.
    @Schema(name = "DiffDivergence")
    public record Divergence(
            Aspect aspect,
            Deed.Kind kind,
            String of,
            @Schema(implementation = Said.class, nullable = true) Optional<Said> left,
            @Schema(implementation = Said.class, nullable = true) Optional<Said> right) {}

    /// What a journal says.
    @Schema(name = "DiffFact")
    public record Said(Aspect aspect, String words, List<Value> values, EvidenceView evidence) {
        public Said {
            values = List.copyOf(values);
        }
    }

    /// A value.
    ///
    /// @param value there where the runs differ, unless it was erased
    @Schema(name = "DiffValue")
    public record Value(
            String digest,
            @Schema(implementation = Object.class, nullable = true) Optional<Json> value) {}

    /// One thing that a run did.
    @Schema(name = "DiffDeed")
    public record Done(
            Deed.Kind kind,
            String name,
            @Schema(implementation = String.class, nullable = true) Optional<String> step,
            long seq,
            Instant at,
            List<Said> facts) {
        public Done {
            facts = List.copyOf(facts);
        }
    }

    /// Two things side by side.
    @Schema(name = "DiffRow")
    public record Row(
            @Schema(implementation = Done.class, nullable = true) Optional<Done> left,
            @Schema(implementation = Done.class, nullable = true) Optional<Done> right,
            boolean beforeBranch,
            List<Aspect> differs) {
        public Row {
            differs = List.copyOf(differs);
        }
    }

    public DiffView {
        rows = List.copyOf(rows);
    }

    /// One of the two.
    ///
    /// @param values at least what [#named] names of it
    public record Side(RunSummary summary, RunView run, Values values) {}

    /// The values that are shown of one side.
    public static Set<Digest> named(TraceDiff diff, boolean left) {
        return diff.rows().stream()
                .filter(row -> !row.differs().isEmpty())
                .flatMap(row -> (left ? row.left() : row.right()).stream())
                .flatMap(deed -> deed.facts().stream())
                .flatMap(fact -> fact.values().stream())
                .collect(Collectors.toSet());
    }

    public static DiffView of(TraceDiff diff, Side left, Side right) {
        Map<String, Divergence> first = new LinkedHashMap<>();
        diff.byAspect()
                .forEach(
                        (aspect, divergence) ->
                                first.put(
                                        camel(aspect),
                                        divergence(divergence, left.values(), right.values())));
        return new DiffView(
                diff.alignedBy(),
                diff.cause(),
                DiffWords.explain(diff, left.summary(), right.summary()),
                left.run(),
                right.run(),
                same(left.summary(), right.summary()),
                diff.first()
                        .map(divergence -> divergence(divergence, left.values(), right.values())),
                first,
                diff.rows().stream()
                        .map(
                                row ->
                                        new Row(
                                                row.left().map(deed -> done(deed, left.values())),
                                                row.right()
                                                        .map(deed -> done(deed, right.values())),
                                                row.beforeBranch(),
                                                row.differs()))
                        .toList());
    }

    private static Same same(RunSummary left, RunSummary right) {
        return new Same(
                left.status() == right.status(),
                left.identity().input().equals(right.identity().input()),
                left.output().equals(right.output()),
                left.identity()
                        .definition()
                        .digest()
                        .equals(right.identity().definition().digest()),
                left.usage().equals(right.usage()),
                left.headSeq() == right.headSeq());
    }

    private static Divergence divergence(
            TraceDiff.Divergence found, Values left, Values right) {
        return new Divergence(
                found.aspect(),
                found.kind(),
                found.of(),
                found.left().map(fact -> said(fact, left)),
                found.right().map(fact -> said(fact, right)));
    }

    private static Done done(Deed deed, Values values) {
        return new Done(
                deed.kind(),
                deed.name(),
                deed.step(),
                deed.seq(),
                deed.at(),
                deed.facts().stream().map(fact -> said(fact, values)).toList());
    }

    private static Said said(Fact fact, Values values) {
        return new Said(
                fact.aspect(),
                fact.words(),
                fact.values().stream()
                        .map(digest -> new Value(digest.value(), values.get(digest)))
                        .toList(),
                EvidenceView.of(fact.evidence()));
    }

    private static String camel(Aspect aspect) {
        String[] words = aspect.name().toLowerCase(Locale.ROOT).split("_");
        return words[0]
                + Stream.of(words)
                        .skip(1)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }
}
