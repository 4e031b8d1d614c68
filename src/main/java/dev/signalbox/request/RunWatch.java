package dev.signalbox.request;

import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.queue.RunNews;
import dev.signalbox.store.RunStore;
import dev.signalbox.web.Faults;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// Follows runs as they go on.
///
/// What this process commits it hears of at once; what another one commits it finds by looking, at
/// first often, then less so. Consequence: any instance can serve any follower.
@ApplicationScoped
public class RunWatch {

    /// Most entries that are read at once.
    static final int PAGE = 200;

    private static final Duration FIRST_LOOK = Duration.ofMillis(100);
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration SELDOM = Duration.ofSeconds(1);

    private final RunStore runs;
    private final RunNews news;
    private volatile boolean leaving;

    RunWatch(RunStore runs, RunNews news) {
        this.runs = runs;
        this.news = news;
    }

    /// Nobody follows a run any longer than this process lives: they ask another one.
    void leave(@Observes ShutdownDelayInitiatedEvent event) {
        leaving = true;
    }

    /// The run once it has come to rest, or as it is when `patience` is over.
    Uni<RunSummary> settled(RunSummary run, Duration patience) {
        return run.status().settled()
                ? Uni.createFrom().item(run)
                : looks(run.identity().id())
                        .filter(now -> leaving || now.status().settled())
                        .toUni()
                        .ifNoItem()
                        .after(patience)
                        .recoverWithUni(() -> now(run))
                        .onFailure(Faults::outage)
                        .recoverWithItem(run);
    }

    private Uni<RunSummary> now(RunSummary run) {
        return runs.find(run.identity().id()).map(found -> found.orElse(run));
    }

    /// What this process commits is told; what others commit is found by looking.
    private Multi<RunSummary> looks(RunId id) {
        Pace pace = new Pace(OFTEN);
        Multi<RunSummary> found =
                Multi.createBy()
                        .repeating()
                        .uni(() -> pace.next(Multi.createFrom().nothing()).chain(() -> runs.find(id)))
                        .indefinitely()
                        .flatMap(run -> Multi.createFrom().optional(run));
        return Multi.createBy().merging().streams(news.of(id), found);
    }

    /// The entries of the run's journal after `afterSeq`, each once and in order, up to the
    /// terminal one.
    ///
    /// Guarantee: never ahead of what is committed. An outage of the store is waited out. Ends
    /// early, between two entries, if this process is about to end.
    Multi<List<JournalEntry>> journal(RunId id, long afterSeq) {
        AtomicLong seen = new AtomicLong(afterSeq);
        Pace pace = new Pace(SELDOM);
        return Multi.createBy()
                .repeating()
                .uni(() -> pace.next(news.of(id)).chain(() -> step(id, seen.get())))
                .whilst(step -> !step.last() && !leaving)
                .map(Step::entries)
                .invoke(
                        entries -> {
                            if (!entries.isEmpty()) {
                                seen.set(entries.getLast().seq());
                                pace.moving(entries.size() == PAGE);
                            }
                        });
    }

    /// @param last whether nothing will ever follow
    private record Step(List<JournalEntry> entries, boolean last) {}

    private Uni<Step> step(RunId id, long seen) {
        return runs.find(id)
                .chain(found -> found.map(run -> step(run, seen)).orElseGet(RunWatch::gone))
                .onFailure(Faults::outage)
                .recoverWithItem(new Step(List.of(), false));
    }

    private Uni<Step> step(RunSummary run, long seen) {
        boolean terminal = run.status().terminal();
        if (run.headSeq() <= seen) {
            return Uni.createFrom().item(new Step(List.of(), terminal));
        }
        return runs.journal(run.identity().id(), seen, PAGE)
                .map(entries -> new Step(entries, terminal && reaches(entries, run.headSeq())));
    }

    private static boolean reaches(List<JournalEntry> entries, long headSeq) {
        return !entries.isEmpty() && entries.getLast().seq() >= headSeq;
    }

    private static Uni<Step> gone() {
        return Uni.createFrom().item(new Step(List.of(), true));
    }

    /// When to look again: at once to begin with and after news, then ever more seldom.
    private static final class Pace {

        private final Duration longest;
        private volatile Duration pause = Duration.ZERO;

        Pace(Duration longest) {
            this.longest = longest;
        }

        /// Completes when it is time to look.
        Uni<Void> next(Multi<RunSummary> news) {
            Duration wait = pause;
            pause = longer(wait);
            return wait.isZero()
                    ? Uni.createFrom().voidItem()
                    : news.toUni()
                            .replaceWithVoid()
                            .invoke(() -> moving(false))
                            .ifNoItem()
                            .after(wait)
                            .recoverWithUni(Uni.createFrom().voidItem());
        }

        /// The run is moving: look soon, or at once if there is more to read already.
        void moving(boolean more) {
            pause = more ? Duration.ZERO : FIRST_LOOK;
        }

        private Duration longer(Duration wait) {
            if (wait.isZero()) {
                return FIRST_LOOK;
            }
            Duration next = wait.multipliedBy(2);
            return next.compareTo(longest) > 0 ? longest : next;
        }
    }
}
