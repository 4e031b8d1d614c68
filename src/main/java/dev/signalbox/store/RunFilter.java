package dev.signalbox.store;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.run.WaitingOn;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which runs to list. Empty means any, except for the tenant.
///
/// @param attention runs that need a person (held, or waiting for an approval) come first, then
///     failed ones, then the rest
/// @param root runs of that tree
/// @param text what the run's id, definition, labels, error or sentence of waiting contains, in
/// upper or lower case
public record RunFilter(
        String tenant,
        Set<RunStatus> statuses,
        Optional<String> definition,
        Map<String, String> labels,
        boolean attention,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<RunId> root,
        Optional<String> text) {

    public RunFilter {
        statuses = Set.copyOf(statuses);
        labels = Map.copyOf(labels);
    }

    /// Without a text to look for.
    public RunFilter(
            String tenant,
            Set<RunStatus> statuses,
            Optional<String> definition,
            Map<String, String> labels,
            boolean attention,
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<RunId> root) {
        this(tenant, statuses, definition, labels, attention, since, until, root, Optional.empty());
    }

    /// Whether the run has the filter's text, or the filter has none.
    public boolean mentionedIn(RunSummary run) {
        return searched().map(words(run)::contains).orElse(true);
    }

    /// The filter's text as it is looked for in [#words(RunSummary)].
    public Optional<String> searched() {
        return text.map(RunFilter::plain);
    }

    /// What a filter's text is looked for in: a line each for the run's id, its definition's name,
    /// its labels, its error and its sentence of waiting, in lower case.
    public static String words(RunSummary run) {
        return Stream.of(
                        Stream.of(
                                run.identity().id().toString(), run.identity().definition().name()),
                        run.identity().labels().values().stream(),
                        run.error().map(RunError::message).stream(),
                        run.waitingOn().map(WaitingOn::detail).stream())
                .flatMap(said -> said)
                .map(RunFilter::plain)
                .collect(Collectors.joining("\n"));
    }

    /// Lower case, and without the one character that no database keeps.
    private static String plain(String text) {
        return text.toLowerCase(Locale.ROOT).replace('\0', ' ');
    }

    public static RunFilter ofTenant(String tenant) {
        return new RunFilter(
                tenant,
                Set.of(),
                Optional.empty(),
                Map.of(),
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
