package dev.signalbox.wire;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.Usage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A command as JSON, and back.
public final class CommandCodec {

    private CommandCodec() {}

    /// A command with its ask spelled out.
    ///
    /// @param result canonical text of the result, so that a JSON `null` is not an absent one
    private record Written(
            CommandId id,
            RunId runId,
            Actor by,
            String reason,
            Instant at,
            Kind ask,
            Optional<String> message,
            Optional<EffectId> effectId,
            Optional<Boolean> happened,
            Optional<String> result,
            Optional<String> name,
            Optional<ChildEnd> child,
            Optional<Raise> raise) {

        Written(
                RunCommand command,
                Kind ask,
                Optional<String> message,
                Optional<Ask.Reconcile> about) {
            this(
                    command.id(),
                    command.runId(),
                    command.by(),
                    command.reason(),
                    command.at(),
                    ask,
                    message,
                    about.map(Ask.Reconcile::effectId),
                    about.map(Ask.Reconcile::happened),
                    about.flatMap(Ask.Reconcile::result).map(Json::canonical),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }

        Written(RunCommand command, Ask.Signal signal) {
            this(
                    command.id(),
                    command.runId(),
                    command.by(),
                    command.reason(),
                    command.at(),
                    Kind.SIGNAL,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(signal.data().canonical()),
                    Optional.of(signal.name()),
                    Optional.empty(),
                    Optional.empty());
        }

        Written(RunCommand command, Ask.ChildSettled end) {
            this(
                    command.id(),
                    command.runId(),
                    command.by(),
                    command.reason(),
                    command.at(),
                    Kind.CHILD_SETTLED,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    end.output().map(Json::canonical),
                    Optional.empty(),
                    Optional.of(
                            new ChildEnd(
                                    end.childId(),
                                    end.status(),
                                    end.error(),
                                    end.usage(),
                                    end.charged())),
                    Optional.empty());
        }

        Written(RunCommand command, Ask.RaiseBudget raise) {
            this(
                    command.id(),
                    command.runId(),
                    command.by(),
                    command.reason(),
                    command.at(),
                    Kind.RAISE_BUDGET,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(
                            new Raise(
                                    raise.target(), raise.path(), raise.more(), raise.heldSince())));
        }
    }

    /// How a child run ended.
    private record ChildEnd(
            RunId runId,
            RunStatus status,
            Optional<RunError> error,
            Usage usage,
            Optional<Budget> charged) {}

    /// What a run may use besides.
    private record Raise(RunId runId, List<RunId> path, Budget more, Instant heldSince) {}

    private enum Kind {
        CANCEL,
        PAUSE,
        RESUME,
        STEER,
        SIGNAL,
        CHILD_SETTLED,
        HOLD,
        RELEASE,
        RECONCILE,
        RAISE_BUDGET
    }

    public static JsonObject encode(RunCommand command) {
        Written written =
                switch (command.ask()) {
                    case Ask.Cancel() -> plain(command, Kind.CANCEL);
                    case Ask.Pause() -> plain(command, Kind.PAUSE);
                    case Ask.Resume() -> plain(command, Kind.RESUME);
                    case Ask.Steer(String message) ->
                            new Written(
                                    command, Kind.STEER, Optional.of(message), Optional.empty());
                    case Ask.Signal signal -> new Written(command, signal);
                    case Ask.ChildSettled end -> new Written(command, end);
                    case Ask.HoldRun() -> plain(command, Kind.HOLD);
                    case Ask.Release() -> plain(command, Kind.RELEASE);
                    case Ask.Reconcile about ->
                            new Written(
                                    command, Kind.RECONCILE, Optional.empty(), Optional.of(about));
                    case Ask.RaiseBudget raise -> new Written(command, raise);
                };
        return RecordCodec.encode(written);
    }

    private static Written plain(RunCommand command, Kind ask) {
        return new Written(command, ask, Optional.empty(), Optional.empty());
    }

    public static RunCommand decode(Json content) {
        Written written = RecordCodec.decode(Written.class, content);
        return new RunCommand(
                written.id(),
                written.runId(),
                written.by(),
                written.reason(),
                ask(written),
                written.at());
    }

    private static Ask settled(Written written, ChildEnd end) {
        return new Ask.ChildSettled(
                end.runId(),
                end.status(),
                written.result().map(JsonCodec::parse),
                end.error(),
                end.usage(),
                end.charged());
    }

    private static Ask raise(Raise raise) {
        return new Ask.RaiseBudget(raise.runId(), raise.path(), raise.more(), raise.heldSince());
    }

    private static Ask ask(Written written) {
        return switch (written.ask()) {
            case CANCEL -> new Ask.Cancel();
            case PAUSE -> new Ask.Pause();
            case RESUME -> new Ask.Resume();
            case STEER -> new Ask.Steer(written.message().orElseThrow());
            case SIGNAL ->
                    new Ask.Signal(
                            written.name().orElseThrow(),
                            JsonCodec.parse(written.result().orElseThrow()));
            case CHILD_SETTLED -> settled(written, written.child().orElseThrow());
            case HOLD -> new Ask.HoldRun();
            case RELEASE -> new Ask.Release();
            case RECONCILE ->
                    new Ask.Reconcile(
                            written.effectId().orElseThrow(),
                            written.happened().orElseThrow(),
                            written.result().map(JsonCodec::parse));
            case RAISE_BUDGET -> raise(written.raise().orElseThrow());
        };
    }
}
