package dev.signalbox.operator;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Definitions;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.Problem.Violation;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.operator.view.DefinitionView;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Applies definitions that operators send.
///
/// Guarantee: the documents are held against everything that the definitions directory is held
/// against; all of them are applied or none, in one commit with the audit record; a version that is
/// there never changes. Consequence: runs that are under way keep what they pinned, and whoever asks
/// for a version by its number gets what everybody got.
@ApplicationScoped
public class DefinitionCommands {

    private final DefinitionReader reader;
    private final DefinitionStore store;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final String role;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// @param role who may apply definitions, for every tenant
    DefinitionCommands(
            DefinitionReader reader,
            DefinitionStore store,
            AuditTrail trail,
            InstantSource clock,
            @ConfigProperty(name = "signalbox.definitions-role", defaultValue = Access.OPERATOR)
                    String role) {
        this.reader = reader;
        this.store = store;
        this.trail = trail;
        this.clock = clock;
        this.role = role;
    }

    @PreDestroy
    void close() {
        threads.close();
    }

    /// What applying documents does, or would do.
    ///
    /// @param dryRun whether nothing was changed
    /// @param jobs jobs among the documents, which are applied by themselves
    public record Applied(boolean dryRun, List<Outcome> definitions, List<String> jobs) {
        public Applied {
            definitions = List.copyOf(definitions);
            jobs = List.copyOf(jobs);
        }
    }

    /// @param change whether the version is new, or was there with the same content
    public record Outcome(DefinitionView definition, Change change) {}

    /// What becomes of a definition.
    public enum Change {
        NEW,
        UNCHANGED
    }

    private record Read(Definitions definitions, List<Outcome> outcomes) {}

    /// Says what [#apply] would do; changes nothing and leaves no record.
    public Uni<Applied> check(Actor actor, List<Source> documents) {
        Access.toRead(actor);
        return read(documents).map(read -> applied(true, read));
    }

    /// Fails with the refusal, which has been recorded by then.
    public Uni<Applied> apply(Actor actor, List<Source> documents, Optional<String> reason) {
        Attempt attempt =
                new Attempt(
                        actor,
                        "definition.apply",
                        Optional.empty(),
                        Optional.of("definitions"),
                        reason.map(Reasons::shortened).orElse(""),
                        JsonObject.EMPTY);
        return trail.attempt(
                attempt,
                known -> {
                    Access.toPublish(actor, role);
                    Reasons.checked(reason);
                    return read(documents).chain(read -> publish(known, read));
                });
    }

    private Uni<Applied> publish(Attempt attempt, Read read) {
        if (!read.definitions().jobs().isEmpty()) {
            throw wrong(
                    "jobs are applied by themselves",
                    "PUT /operator/v1/jobs/" + read.definitions().jobs().getFirst().name());
        }
        if (read.outcomes().isEmpty()) {
            throw wrong("there is nothing that runs can be of", "an agent or a workflow");
        }
        Instant now = clock.instant();
        List<StoredDefinition> all =
                read.definitions().runnable().stream()
                        .map(one -> new StoredDefinition(one.ref(), reader.toBundle(one), now))
                        .toList();
        return store.publish(all, trail.accepted(detailed(attempt, all)))
                .replaceWith(applied(false, read));
    }

    /// Checking takes longer than an event loop has.
    private Uni<Read> read(List<Source> documents) {
        return Uni.createFrom()
                .item(() -> reader.read(documents))
                .runSubscriptionOn(threads)
                .chain(read -> store.list().map(known -> new Read(read, outcomes(read, known))));
    }

    private static List<Outcome> outcomes(Definitions read, List<DefinitionRef> known) {
        return read.runnable().stream()
                .map(PinnedDefinition::ref)
                .map(ref -> new Outcome(DefinitionView.of(ref), change(ref, known)))
                .toList();
    }

    private static Change change(DefinitionRef ref, List<DefinitionRef> known) {
        Change change = Change.NEW;
        for (DefinitionRef one : known) {
            if (!one.name().equals(ref.name())) {
                continue;
            }
            if (one.kind() != ref.kind()) {
                throw wrong(
                        "'" + ref.name() + "' names " + word(one) + " already",
                        "a name of its own for " + word(ref));
            }
            if (one.version().equals(ref.version())) {
                if (!one.digest().equals(ref.digest())) {
                    throw DefinitionStore.taken(ref.name(), ref.version());
                }
                change = Change.UNCHANGED;
            }
        }
        return change;
    }

    private static String word(DefinitionRef ref) {
        return (ref.kind() == DefinitionRef.Kind.AGENT ? "an " : "a ")
                + ref.kind().name().toLowerCase(Locale.ROOT);
    }

    private static Applied applied(boolean dryRun, Read read) {
        return new Applied(
                dryRun,
                read.outcomes(),
                read.definitions().jobs().stream().map(job -> job.name()).toList());
    }

    private static Attempt detailed(Attempt attempt, List<StoredDefinition> all) {
        Map<String, Json> digests = new TreeMap<>();
        for (StoredDefinition one : all) {
            digests.put(
                    one.ref().name() + " " + one.ref().version(),
                    Json.text(one.ref().digest().value()));
        }
        return new Attempt(
                attempt.actor(),
                attempt.action(),
                attempt.runId(),
                attempt.target(),
                attempt.reason(),
                new JsonObject(digests));
    }

    private static ProblemException wrong(String what, String expected) {
        return new Problem(
                        ProblemCode.INVALID_DEFINITION,
                        what,
                        Optional.of("documents"),
                        Optional.of(expected),
                        List.<Violation>of())
                .asException();
    }
}
