package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.AuditStore;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/// Leaves a record of every command: with the commit of the command if it is accepted, by itself if
/// it is refused.
@ApplicationScoped
class AuditTrail {

    private final AuditStore audit;
    private final IdSource ids;
    private final InstantSource clock;

    AuditTrail(AuditStore audit, IdSource ids, InstantSource clock) {
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /// A command on its way.
    ///
    /// @param action such as `run.hold`
    /// @param runId the run, as far as the caller may know of it
    /// @param target what it is done to, when that is not the run
    record Attempt(
            Actor actor,
            String action,
            Optional<RunId> runId,
            Optional<String> target,
            String reason,
            JsonObject detail) {

        Attempt on(RunId run) {
            return new Attempt(actor, action, Optional.of(run), target, reason, detail);
        }
    }

    /// The record of an accepted command.
    AuditRecord accepted(Attempt attempt) {
        return entry(attempt, Optional.empty());
    }

    /// Carries out `command`; if it is refused, records that before the refusal goes out.
    <T> Uni<T> attempt(Attempt attempt, Function<Attempt, Uni<T>> command) {
        return Uni.createFrom()
                .deferred(() -> command.apply(attempt))
                .onFailure(AuditTrail::refusal)
                .recoverWithUni(
                        refused ->
                                audit.record(entry(attempt, Optional.of(code(refused))))
                                        .chain(() -> Uni.createFrom().failure(refused)));
    }

    private static boolean refusal(Throwable failure) {
        return failure instanceof ProblemException refused
                && refused.problem().code().status() < ProblemCode.INTERNAL.status();
    }

    private static String code(Throwable refused) {
        return ((ProblemException) refused).problem().code().code();
    }

    private AuditRecord entry(Attempt attempt, Optional<String> refusal) {
        return new AuditRecord(
                new AuditId(ids.next()),
                clock.instant(),
                attempt.actor(),
                attempt.action(),
                attempt.runId(),
                attempt.target(),
                attempt.reason(),
                refusal,
                attempt.detail());
    }
}
