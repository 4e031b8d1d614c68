package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.operator.view.BulkView;
import dev.signalbox.operator.view.BulkView.Example;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.BulkStore;
import dev.signalbox.store.Cursor;
import dev.signalbox.store.PageRequest;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Commands of operators to all runs of a filter: asked for here, carried out by [BulkWorker].
///
/// Guarantee: an empty filter is refused, and so is one that means more runs than
/// [#MOST_RUNS]; what is accepted is durable with its audit record before the answer goes out.
@ApplicationScoped
public class Bulks {

    /// Most runs of one command: whoever means more has to say so in parts.
    static final int MOST_RUNS = 10_000;

    /// Room for what is added to the reason for each run.
    private static final int MOST_REASON = Reasons.MAX_LENGTH - 100;

    private static final int EXAMPLES = 10;

    private final BulkStore bulks;
    private final RunStore runs;
    private final AuditTrail trail;
    private final IdSource ids;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    Bulks(
            BulkStore bulks,
            RunStore runs,
            AuditTrail trail,
            IdSource ids,
            InstantSource clock) {
        this.bulks = bulks;
        this.runs = runs;
        this.trail = trail;
        this.ids = ids;
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    private record Counted(int total, List<Example> examples) {}

    /// What a command would mean; keeps nothing.
    public Uni<BulkView> preview(
            Actor actor, Bulk.Action action, RunFilter filter, Optional<String> reason) {
        Access.toRead(actor);
        Instant now = clock.instant();
        RunFilter bounded = bounded(filter, now);
        return counted(bounded)
                .map(
                        counted ->
                                BulkView.dryRun(
                                        bulk(
                                                actor,
                                                action,
                                                bounded,
                                                reason.orElse(""),
                                                now,
                                                counted),
                                        counted.examples()));
    }

    /// Fails with the refusal, which has been recorded by then.
    public Uni<BulkView> start(
            Actor actor, Bulk.Action action, RunFilter filter, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "bulk." + action.name().toLowerCase(Locale.ROOT),
                        Optional.empty(),
                        Optional.empty(),
                        reason.map(Reasons::shortened).orElse(""),
                        JsonObject.EMPTY);
        return trail.attempt(
                attempt,
                known -> {
                    Access.toCommand(actor);
                    String why = checked(reason);
                    Instant now = clock.instant();
                    RunFilter bounded = bounded(filter, now);
                    return counted(bounded)
                            .map(counted -> bulk(actor, action, bounded, why, now, counted))
                            .call(bulk -> bulks.create(bulk, trail.accepted(on(known, bulk))))
                            .map(BulkView::of);
                });
    }

    public Uni<BulkView> find(Actor actor, String id) {
        Access.toRead(actor);
        return bulks.find(actor.tenant(), id(id))
                .map(found -> found.map(BulkView::of).orElseThrow(Bulks::missing));
    }

    /// Fails with the refusal, which has been recorded by then.
    public Uni<BulkView> abort(Actor actor, String id, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "bulk.abort",
                        Optional.empty(),
                        Optional.of("bulk " + Reasons.shortened(id)),
                        reason.map(Reasons::shortened).orElse(""),
                        JsonObject.EMPTY);
        return trail.attempt(
                attempt,
                known -> {
                    Access.toCommand(actor);
                    Reasons.checked(reason);
                    return bulks.abort(id(id), clock.instant(), trail.accepted(known))
                            .map(BulkView::of);
                });
    }

    private Bulk bulk(
            Actor actor,
            Bulk.Action action,
            RunFilter filter,
            String reason,
            Instant now,
            Counted counted) {
        return Bulk.of(
                new BulkId(ids.next()), actor, action, filter, reason, now, counted.total());
    }

    private static Attempt on(Attempt attempt, Bulk bulk) {
        return new Attempt(
                attempt.actor(),
                attempt.action(),
                attempt.runId(),
                Optional.of("bulk " + bulk.id()),
                attempt.reason(),
                new JsonObject(Map.of("runs", Json.number(bulk.total()))));
    }

    private static String checked(Optional<String> reason) {
        String why = Reasons.checked(reason);
        if (why.length() > MOST_REASON) {
            throw wrong("reason", "the reason is too long", "1 to " + MOST_REASON + " characters");
        }
        return why;
    }

    /// The filter without what comes after `now`; refused if it means every run.
    private static RunFilter bounded(RunFilter filter, Instant now) {
        if (filter.statuses().isEmpty()
                && filter.definition().isEmpty()
                && filter.labels().isEmpty()
                && filter.text().isEmpty()
                && filter.since().isEmpty()
                && filter.until().isEmpty()) {
            throw wrong(
                    "filter",
                    "the filter means every run",
                    "at least one of status, definition, label, text, since, until");
        }
        return new RunFilter(
                filter.tenant(),
                filter.statuses(),
                filter.definition(),
                filter.labels(),
                false,
                filter.since(),
                Optional.of(filter.until().filter(now::isAfter).orElse(now)),
                Optional.empty(),
                filter.text());
    }

    private Uni<Counted> counted(RunFilter filter) {
        return more(filter, Optional.empty(), new Counted(0, List.of()));
    }

    private Uni<Counted> more(RunFilter filter, Optional<Cursor> from, Counted soFar) {
        return runs.list(filter, new PageRequest(PageRequest.MAX_LIMIT, from))
                .emitOn(threads)
                .chain(
                        page -> {
                            Counted counted =
                                    new Counted(
                                            soFar.total() + page.items().size(),
                                            soFar.examples().isEmpty()
                                                    ? page.items().stream()
                                                            .limit(EXAMPLES)
                                                            .map(Example::of)
                                                            .toList()
                                                    : soFar.examples());
                            if (counted.total() > MOST_RUNS) {
                                throw wrong(
                                        "filter",
                                        "the filter means more than " + MOST_RUNS + " runs",
                                        "a narrower one, such as with 'since' and 'until'");
                            }
                            return page.next().isPresent()
                                    ? more(filter, page.next(), counted)
                                    : Uni.createFrom().item(counted);
                        });
    }

    private static BulkId id(String text) {
        try {
            return BulkId.of(text);
        } catch (IllegalArgumentException _) {
            throw missing();
        }
    }

    private static ProblemException missing() {
        return ProblemException.of(ProblemCode.NOT_FOUND, "There is no such bulk command.");
    }

    private static ProblemException wrong(String field, String what, String expected) {
        return Problem.at(ProblemCode.INVALID_REQUEST, field, what, expected).asException();
    }
}
