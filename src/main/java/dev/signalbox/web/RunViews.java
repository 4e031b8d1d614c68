package dev.signalbox.web;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.Page;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.Paging.Items;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Runs and events with the values that they name: one look-up of values a page, not one a run.
@ApplicationScoped
public class RunViews {

    private final RunStore runs;

    public RunViews(RunStore runs) {
        this.runs = runs;
    }

    public Uni<RunView> one(RunSummary run) {
        return runs.payloads(run.identity().id(), named(run))
                .map(payloads -> RunView.of(run, payloads));
    }

    public Uni<Items<RunView>> page(Page<RunSummary> page) {
        return all(page.items()).map(views -> Items.of(page, views));
    }

    public Uni<List<RunView>> all(List<RunSummary> summaries) {
        return runs.payloads(
                        summaries.stream()
                                .collect(
                                        Collectors.toMap(
                                                run -> run.identity().id(), RunViews::named)))
                .map(
                        payloads ->
                                summaries.stream()
                                        .map(
                                                run ->
                                                        RunView.of(
                                                                run,
                                                                payloads.getOrDefault(
                                                                        run.identity().id(),
                                                                        Map.of())))
                                        .toList());
    }

    /// @param entries of that one run
    public Uni<List<EventView>> events(RunId id, List<JournalEntry> entries) {
        Set<Digest> named = EventView.digests(entries);
        return runs.payloads(id, named)
                .map(
                        payloads ->
                                entries.stream()
                                        .map(entry -> EventView.of(entry, payloads))
                                        .toList());
    }

    private static Set<Digest> named(RunSummary run) {
        return Stream.concat(Stream.of(run.identity().input()), run.output().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
