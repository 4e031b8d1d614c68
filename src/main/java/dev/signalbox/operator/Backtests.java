package dev.signalbox.operator;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Definitions;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.view.BacktestReport;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.Page;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Tries a policy on recorded history.
///
/// Guarantee: reads, and nothing else. Each recorded decision is decided again from what was known
/// then: the call's arguments, the run's input and identity, the tool as the run pinned it.
@ApplicationScoped
public class Backtests {

    /// Most runs that one backtest looks at.
    static final int MOST_RUNS = 2000;

    private static final int RUNS_AT_ONCE = 50;

    private final RunStore runs;
    private final RunFinder finder;
    private final DefinitionStore definitions;
    private final DefinitionReader reader;
    private final PolicyEvaluator evaluator;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Backtests(
            RunStore runs,
            RunFinder finder,
            DefinitionStore definitions,
            DefinitionReader reader,
            PolicyEvaluator evaluator) {
        this.runs = runs;
        this.finder = finder;
        this.definitions = definitions;
        this.reader = reader;
        this.evaluator = evaluator;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    /// One backtest under way.
    private final class Trial {
        private final Actor actor;
        private final PolicyDefinition policy;
        private final String against;
        private final RunFilter filter;
        private final BacktestTally tally = new BacktestTally();
        private final Map<Digest, Optional<PinnedDefinition>> pinned = new HashMap<>();

        Trial(Actor actor, PolicyDefinition policy, String against, RunFilter filter) {
            this.actor = actor;
            this.policy = policy;
            this.against = against;
            this.filter = filter;
        }

        Uni<BacktestReport> from(Optional<Cursor> cursor) {
            return runs.list(filter, new PageRequest(RUNS_AT_ONCE, cursor))
                    .emitOn(threads)
                    .chain(page -> each(page).chain(() -> more(page)));
        }

        private Uni<BacktestReport> more(Page<RunSummary> page) {
            boolean enough = tally.runs() >= MOST_RUNS;
            return page.next().isEmpty() || enough
                    ? Uni.createFrom()
                            .item(tally.report(policy, against, page.next().isPresent()))
                    : from(page.next());
        }

        private Uni<Void> each(Page<RunSummary> page) {
            return Multi.createFrom()
                    .iterable(page.items())
                    .onItem()
                    .transformToUniAndConcatenate(this::judged)
                    .onItem()
                    .invoke(tally::add)
                    .onItem()
                    .ignoreAsUni();
        }

        private Uni<BacktestTally.OfRun> judged(RunSummary run) {
            return definition(run)
                    .chain(
                            pinned ->
                                    finder.journal(run.identity().id(), run.headSeq())
                                            .chain(journal -> judged(run, pinned, journal)));
        }

        private Uni<BacktestTally.OfRun> judged(
                RunSummary run, Optional<PinnedDefinition> pinned, List<JournalEntry> journal) {
            RecordedDecisions recorded = RecordedDecisions.of(journal, against);
            if (recorded.decisions().isEmpty()) {
                return Uni.createFrom().item(recorded.none());
            }
            return runs.payloads(run.identity().id(), recorded.values(run))
                    .emitOn(threads)
                    .map(
                            payloads ->
                                    new Judgement(run.identity(), pinned, payloads)
                                            .of(
                                                    recorded,
                                                    evaluator,
                                                    policy,
                                                    finder.values(actor, payloads)));
        }

        private Uni<Optional<PinnedDefinition>> definition(RunSummary run) {
            Digest digest = run.identity().definition().digest();
            Optional<PinnedDefinition> known = pinned.get(digest);
            return known != null
                    ? Uni.createFrom().item(known)
                    : definitions
                            .find(digest)
                            .emitOn(threads)
                            .map(stored -> stored.flatMap(Backtests.this::read))
                            .invoke(read -> pinned.put(digest, read));
        }
    }

    private Optional<PinnedDefinition> read(DefinitionStore.StoredDefinition stored) {
        try {
            return Optional.of(reader.fromBundle(stored.bundle()));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    /// @param document the policy, as YAML
    /// @param against whose recorded decisions; those of the policy of the same name if not said
    /// @param filter which runs; its tenant must be the actor's
    public Uni<BacktestReport> run(
            Actor actor, Optional<String> document, Optional<String> against, RunFilter filter) {
        Access.toRead(actor);
        String text =
                document.filter(given -> !given.isBlank())
                        .orElseThrow(() -> wrong("there is no policy"));
        return Uni.createFrom()
                .item(() -> policy(reader.read(List.of(new Source("policy", text)))))
                .runSubscriptionOn(threads)
                .chain(
                        policy ->
                                new Trial(actor, policy, against.orElse(policy.name()), filter)
                                        .from(Optional.empty()));
    }

    private static PolicyDefinition policy(Definitions read) {
        if (read.policies().size() != 1) {
            throw wrong("there are " + read.policies().size() + " policies");
        }
        return read.policies().values().iterator().next();
    }

    private static ProblemException wrong(String what) {
        return Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        "policy",
                        what,
                        "the YAML document of one policy")
                .asException();
    }
}
