package dev.signalbox.runtime.sink;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.KnownSecrets;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.json.SensitiveParts;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The texts that were sensitive where they stood in one of a run's values, so that they can be taken
/// out wherever they turn up again: in what a tool answers to them, in a failure's message.
///
/// Each value of a run is read once while the run is among the last [#RUNS] that were asked for.
@ApplicationScoped
class SensitiveTexts {

    /// Shorter parts are found in everything.
    private static final int SHORTEST = 4;

    private static final int RUNS = 500;
    private static final int TEXTS = 300;
    private static final int PAGE = 64;

    private final RunStore runs;
    private final Redactor redactor;
    private final Map<RunId, Found> recent = new LinkedHashMap<>();

    SensitiveTexts(RunStore runs, Redactor redactor) {
        this.runs = runs;
        this.redactor = redactor;
    }

    /// @param upTo how much of the journal has been looked at
    private record Found(long upTo, Set<String> texts) {}

    /// Those of the journal's first `seq` entries, at least; empty if there are too many to look for.
    Uni<Optional<KnownSecrets>> of(RunId run, List<SensitiveParts> parts, long seq) {
        return Uni.createFrom()
                .item(() -> new Search(latest(run)))
                .call(search -> all(run, parts, seq, search))
                .map(search -> search.found.texts())
                .map(
                        texts ->
                                texts.size() > TEXTS
                                        ? Optional.empty()
                                        : Optional.of(KnownSecrets.of(texts)));
    }

    /// How far one caller has come.
    private static final class Search {

        private Found found;

        Search(Found found) {
            this.found = found;
        }
    }

    private Uni<Void> all(RunId run, List<SensitiveParts> parts, long seq, Search search) {
        return Multi.createBy()
                .repeating()
                .uni(() -> advance(run, parts, seq, search))
                .whilst(more -> more)
                .onItem()
                .ignoreAsUni();
    }

    /// Whether there is more to look at.
    private Uni<Boolean> advance(RunId run, List<SensitiveParts> parts, long seq, Search search) {
        if (search.found.upTo() >= seq) {
            return Uni.createFrom().item(false);
        }
        return runs.journal(run, search.found.upTo(), PAGE)
                .chain(
                        entries ->
                                runs.payloads(run, digests(entries))
                                        .map(values -> with(search.found, entries, values.values(), parts)))
                .map(
                        found -> {
                            boolean more = found.upTo() > search.found.upTo();
                            search.found = found;
                            remember(run, found);
                            return more;
                        });
    }

    private static Set<Digest> digests(List<JournalEntry> entries) {
        return entries.stream()
                .flatMap(entry -> entry.data().digests())
                .collect(Collectors.toUnmodifiableSet());
    }

    private Found with(
            Found before,
            List<JournalEntry> entries,
            Collection<Json> values,
            List<SensitiveParts> parts) {
        if (entries.isEmpty()) {
            return before;
        }
        Set<String> texts = new HashSet<>(before.texts());
        values.stream()
                .flatMap(value -> sensitive(value, parts))
                .filter(text -> text.strip().length() >= SHORTEST)
                .limit(TEXTS + 1L)
                .forEach(texts::add);
        return new Found(entries.getLast().seq(), Set.copyOf(texts));
    }

    private Stream<String> sensitive(Json value, List<SensitiveParts> parts) {
        return Stream.concat(
                redactor.secrets(value).stream(),
                parts.stream().flatMap(part -> part.of(value).stream()));
    }

    private Found latest(RunId run) {
        synchronized (recent) {
            return recent.getOrDefault(run, new Found(0, Set.of()));
        }
    }

    private void remember(RunId run, Found found) {
        synchronized (recent) {
            recent.remove(run);
            recent.put(run, found);
            if (recent.size() > RUNS) {
                recent.remove(recent.keySet().iterator().next());
            }
        }
    }
}
