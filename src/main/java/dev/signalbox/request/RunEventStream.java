package dev.signalbox.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.queue.ModelDelta;
import dev.signalbox.queue.ModelDeltas;
import dev.signalbox.web.EventView;
import dev.signalbox.web.RunViews;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// A run's journal as server-sent events: the id is the sequence, so that a client that was cut off
/// goes on exactly where it was.
@ApplicationScoped
class RunEventStream {

    private static final Logger LOG = Logger.getLogger(RunEventStream.class);
    private static final String DELTA = "model_delta";
    private static final String ANSWERED = "model_completed";
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final RunWatch watch;
    private final RunViews views;
    private final ModelDeltas deltas;
    private final ObjectMapper mapper;
    private final InstantSource clock;

    RunEventStream(
            RunWatch watch,
            RunViews views,
            ModelDeltas deltas,
            ObjectMapper mapper,
            InstantSource clock) {
        this.watch = watch;
        this.views = views;
        this.deltas = deltas;
        this.mapper = mapper;
        this.clock = clock;
    }

    /// Where a client wants to go on.
    ///
    /// @param lastEventId as the client sent it; nothing means from the beginning
    static long position(@Nullable String lastEventId, RunSummary run) {
        if (lastEventId == null || lastEventId.isBlank()) {
            return 0;
        }
        try {
            long seq = Long.parseLong(lastEventId.strip());
            if (seq >= 0 && seq <= run.headSeq()) {
                return seq;
            }
        } catch (NumberFormatException _) {
            // Said below, as for a number that is out of range.
        }
        throw Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        "Last-Event-ID",
                        "that is not an event of this run",
                        "a sequence from 0 to " + run.headSeq())
                .asException();
    }

    /// Events after `afterSeq`, up to the terminal one; a comment whenever nothing else was said
    /// for a while.
    Multi<OutboundSseEvent> of(RunSummary run, long afterSeq, Sse sse) {
        return watch(run, afterSeq, sse, _ -> {});
    }

    private Multi<OutboundSseEvent> watch(
            RunSummary run, long afterSeq, Sse sse, Consumer<List<JournalEntry>> seen) {
        AtomicReference<Instant> spoken = new AtomicReference<>(Instant.EPOCH);
        return watch.journal(run.identity().id(), afterSeq)
                .invoke(seen)
                .onItem()
                .transformToMultiAndConcatenate(
                        entries -> entries.isEmpty() ? silence(spoken, sse) : events(entries, sse))
                .invoke(() -> spoken.set(clock.instant()))
                .onFailure()
                .invoke(
                        failure ->
                                LOG.errorf(
                                        failure,
                                        "the events of run %s broke off",
                                        run.identity().id()));
    }

    /// As [#of], and in between what models say before it is in the journal, as far as this process
    /// hears of it. Such an event has no id; none comes behind the end of its model call.
    Multi<OutboundSseEvent> withDeltas(RunSummary run, long afterSeq, Sse sse) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Set<String> answered = ConcurrentHashMap.newKeySet();
        Multi<OutboundSseEvent> said =
                deltas.of(run.identity().id(), Uni.createFrom().completionStage(over))
                        .filter(delta -> !answered.contains(delta.effectId().value()))
                        .map(delta -> event(delta, sse));
        Multi<OutboundSseEvent> journal =
                watch(run, afterSeq, sse, entries -> answered(entries, answered))
                        .onTermination()
                        .invoke(() -> over.complete(null));
        return Multi.createBy().merging().streams(said, journal);
    }

    private static void answered(List<JournalEntry> entries, Set<String> answered) {
        for (JournalEntry entry : entries) {
            if (entry.type().equals(ANSWERED)) {
                entry.effectId().ifPresent(effect -> answered.add(effect.value()));
            }
        }
    }

    private OutboundSseEvent event(ModelDelta delta, Sse sse) {
        return sse.newEventBuilder()
                .name(DELTA)
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(json(delta))
                .build();
    }

    private Multi<OutboundSseEvent> silence(AtomicReference<Instant> spoken, Sse sse) {
        return spoken.get().plus(SILENCE).isAfter(clock.instant())
                ? Multi.createFrom().empty()
                : Multi.createFrom().item(sse.newEventBuilder().comment("").build());
    }

    private Multi<OutboundSseEvent> events(List<JournalEntry> entries, Sse sse) {
        return views.events(entries.getFirst().runId(), entries)
                .onItem()
                .transformToMulti(shown -> Multi.createFrom().iterable(shown))
                .map(event -> event(event, sse));
    }

    private OutboundSseEvent event(EventView event, Sse sse) {
        return sse.newEventBuilder()
                .id(Long.toString(event.seq()))
                .name(event.type())
                .mediaType(MediaType.TEXT_PLAIN_TYPE)
                .data(json(event))
                .build();
    }

    private String json(Object event) {
        try {
            return mapper.writeValueAsString(event);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an event is always JSON", impossible);
        }
    }
}
