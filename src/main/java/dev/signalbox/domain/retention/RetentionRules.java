package dev.signalbox.domain.retention;

import dev.signalbox.domain.retention.Keep.Lasting;
import dev.signalbox.domain.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Everything that is said at one moment about how long runs are kept.
///
/// What a definition says counts before what the host says, and who says nothing keeps for ever. A
/// child whose definition says nothing goes with its tree. What counts is a definition's newest
/// version, for the runs of all its versions: how long records are kept is decided anew when the
/// law or the mind changes, not when a run is submitted.
///
/// @param definitions what each definition says, by name; those that say nothing have a place too
/// @param host what holds where a definition says nothing
public record RetentionRules(Map<String, Terms> definitions, RetentionTerms host) {

    private static final List<RunStatus> ENDS =
            List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED);

    /// What a version of a definition says.
    public record Terms(String version, RetentionTerms terms) {}

    public RetentionRules {
        definitions = Map.copyOf(definitions);
    }

    /// By which roots become due, in the order of definitions; none for what is kept for ever.
    public List<RetentionRule> rules() {
        List<RetentionRule> rules = new ArrayList<>();
        new TreeMap<>(definitions)
                .forEach(
                        (name, said) ->
                                ENDS.forEach(
                                        status -> rule(name, said, status).ifPresent(rules::add)));
        return rules;
    }

    private Optional<RetentionRule> rule(String name, Terms said, RunStatus status) {
        Optional<Keep> own = said.terms().of(status);
        return own.or(() -> host.of(status))
                .flatMap(
                        keep ->
                                keep instanceof Lasting(Duration period)
                                        ? Optional.of(
                                                new RetentionRule(
                                                        name,
                                                        status,
                                                        period,
                                                        own.map(_ -> said.version())))
                                        : Optional.empty());
    }

    /// What the definition itself says of runs that ended so.
    public Optional<Keep> own(String definition, RunStatus status) {
        return Optional.ofNullable(definitions.get(definition))
                .flatMap(said -> said.terms().of(status));
    }

    /// Whether a child that ended so at `ended` may go now, with its tree.
    public boolean lets(String definition, RunStatus status, Instant ended, Instant now) {
        return own(definition, status)
                .map(
                        keep ->
                                switch (keep) {
                                    case Keep.Forever() -> false;
                                    case Lasting(Duration period) ->
                                            ended.isBefore(now.minus(period));
                                })
                .orElse(true);
    }
}
