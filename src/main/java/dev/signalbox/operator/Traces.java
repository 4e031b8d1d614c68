package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.operator.trace.JournalTrace;
import dev.signalbox.operator.trace.OtlpJson;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Traces of runs, rebuilt from their journals: also when no collector was there at the time.
@ApplicationScoped
public class Traces {

    private final RunFinder finder;

    Traces(RunFinder finder) {
        this.finder = finder;
    }

    /// The run's trace as OTLP/JSON.
    public Uni<JsonObject> trace(Actor actor, String id) {
        Access.toRead(actor);
        return finder.run(actor, RunFinder.runId(id)).chain(this::trace);
    }

    private Uni<JsonObject> trace(RunSummary run) {
        RunIdentity identity = run.identity();
        return finder.journal(identity.id(), run.headSeq())
                .map(journal -> JournalTrace.of(run, journal))
                .map(spans -> OtlpJson.of(identity.traceId(), identity.parentSpanId(), spans));
    }
}
