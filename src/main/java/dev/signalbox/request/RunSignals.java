package dev.signalbox.request;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunEvent.SignalType;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.queue.Relay;
import dev.signalbox.store.RunInbox;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts clients' signals into the inboxes of runs.
@ApplicationScoped
class RunSignals {

    private final RunInbox inbox;
    private final Relay relay;
    private final IdSource ids;
    private final InstantSource clock;

    RunSignals(RunInbox inbox, Relay relay, IdSource ids, InstantSource clock) {
        this.inbox = inbox;
        this.relay = relay;
        this.ids = ids;
        this.clock = clock;
    }

    /// Completes when the signal is durable; the worker that holds the run answers it. Fails with
    /// `illegal_move` if the run has ended.
    Uni<Void> send(RunSummary run, Actor by, SignalRequest signal) {
        Ask ask = ask(run, signal);
        if (run.status().terminal()) {
            throw ProblemException.of(
                    ProblemCode.ILLEGAL_MOVE,
                    "the run is " + name(run.status()) + ": it takes no more signals");
        }
        RunId id = run.identity().id();
        Instant now = clock.instant();
        String reason = reason(signal);
        return inbox.post(
                        new RunCommand(new CommandId(ids.next()), id, by, reason, ask, now),
                        new AuditRecord(
                                new AuditId(ids.next()),
                                now,
                                by,
                                "run.signal." + name(signal.type()),
                                Optional.of(id),
                                Optional.empty(),
                                reason,
                                Optional.empty(),
                                JsonObject.EMPTY))
                .invoke(() -> relay.wake(id));
    }

    private static Ask ask(RunSummary run, SignalRequest signal) {
        return switch (signal.type()) {
            case CANCEL -> new Ask.Cancel();
            case PAUSE -> new Ask.Pause();
            case RESUME -> new Ask.Resume();
            case STEER -> steer(run, message(signal.message()));
            case SIGNAL -> named(run, signal);
        };
    }

    private static Ask named(RunSummary run, SignalRequest signal) {
        if (run.identity().definition().kind() != DefinitionRef.Kind.WORKFLOW) {
            throw ProblemException.of(
                    ProblemCode.ILLEGAL_MOVE,
                    "the run is of an agent: only a step of a workflow waits for a signal");
        }
        if (signal.name() == null) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "name",
                            "a signal has a name",
                            SignalRequest.NAME_EXPECTED)
                    .asException();
        }
        Json data = signal.data() == null ? Json.JsonNull.NULL : signal.data();
        if (data.canonical().length() > SignalRequest.MAX_DATA) {
            throw Problem.at(
                            ProblemCode.TOO_LARGE,
                            "data",
                            "the signal brings too much",
                            "at most " + SignalRequest.MAX_DATA + " characters")
                    .asException();
        }
        return new Ask.Signal(signal.name(), data);
    }

    private static Ask steer(RunSummary run, String message) {
        return switch (run.identity().definition().kind()) {
            case AGENT -> new Ask.Steer(message);
            case WORKFLOW ->
                    throw ProblemException.of(
                            ProblemCode.ILLEGAL_MOVE,
                            "the run is of a workflow: it has no model that could be steered");
        };
    }

    private static String message(@Nullable String message) {
        if (message == null || message.isBlank()) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "message",
                            "a steering signal says something",
                            "a text of 1 to " + SignalRequest.MAX_MESSAGE + " characters")
                    .asException();
        }
        return message;
    }

    /// What is steered may be sensitive: the audit says that it was done, the run holds the words.
    private static String reason(SignalRequest signal) {
        return signal.message() == null || signal.type() == SignalType.STEER
                ? "signal " + name(signal.type())
                : signal.message();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
