package dev.signalbox.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.queue.CloudEvent;
import dev.signalbox.observe.Telemetry;
import dev.signalbox.queue.Letter;
import dev.signalbox.queue.Outage;
import dev.signalbox.queue.RequestQueue;
import dev.signalbox.queue.TraceParent;
import dev.signalbox.web.Faults;
import dev.signalbox.web.ProblemBody;
import dev.signalbox.web.RunView;
import dev.signalbox.web.RunViews;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Takes requests for runs off the queue.
///
/// Guarantee: a message is acknowledged once its run is durable, or once a copy with the reason has
/// been put aside because nothing can be made of it. The event's source and id are the idempotency
/// key: a message that comes again finds its run, and its answer is given again. While the store
/// cannot be reached, messages wait.
@ApplicationScoped
public class RunIntake {

    /// The type of events that ask for a run.
    public static final String TYPE = "dev.signalbox.run.requested";

    private static final Logger LOG = Logger.getLogger(RunIntake.class);
    private static final int MAX_BODY = RunSubmission.MAX_INPUT_LENGTH * 3 / 2;
    private static final int FAULT_RETRIES = 3;
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final RunSubmission submission;
    private final RunViews views;
    private final ObjectMapper mapper;
    private final IntakeSettings settings;
    private final Tracer tracer;
    private final Outage storeOutage = new Outage("the store", "requests wait on the queue");
    private final Outage queueOutage = new Outage("the queue", "dead letters wait");
    private final AtomicReference<@Nullable Cancellable> running = new AtomicReference<>();

    RunIntake(
            RunSubmission submission,
            RunViews views,
            ObjectMapper mapper,
            IntakeSettings settings,
            OpenTelemetry telemetry) {
        this.submission = submission;
        this.views = views;
        this.mapper = mapper;
        this.settings = settings;
        this.tracer = telemetry.getTracer(Telemetry.SCOPE);
    }

    /// Begins to take requests off `queue`.
    public void start(RequestQueue queue) {
        running.set(
                queue.letters()
                        .onItem()
                        .transformToUni(this::take)
                        .merge(settings.concurrency())
                        .subscribe()
                        .with(_ -> {}, failure -> LOG.error("the intake has stopped", failure)));
    }

    /// Takes no more; what is not acknowledged comes again elsewhere.
    public void stop() {
        Cancellable taking = running.getAndSet(null);
        if (taking != null) {
            taking.cancel();
        }
    }

    /// Deals with one message to the end. Never fails.
    Uni<Void> take(Letter letter) {
        Span span = span(letter);
        return submit(letter, TraceParent.of(span.getSpanContext()))
                .onFailure()
                .invoke(failure -> failed(span, failure))
                .chain(run -> answer(letter, run))
                .onFailure()
                .recoverWithUni(failure -> refuse(letter, failure))
                .chain(letter::ack)
                .onTermination()
                .invoke(() -> span.end())
                .onFailure()
                .invoke(lost -> LOG.debugf("an acknowledgement was lost: %s", lost.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    /// The run that the letter asks for, durable.
    private Uni<RunView> submit(Letter letter, Optional<TraceParent> trace) {
        return Uni.createFrom()
                .item(() -> event(letter))
                .chain(event -> submission.submit(request(event), requester(event, trace)))
                .chain(views::one)
                .invoke(storeOutage::ended)
                .onFailure(Faults::outage)
                .invoke(storeOutage::began)
                .onFailure(Faults::outage)
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .onFailure(failure -> Faults.problem(failure).isEmpty())
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .atMost(FAULT_RETRIES);
    }

    private CloudEvent event(Letter letter) {
        byte[] body = letter.body();
        if (body.length > MAX_BODY) {
            throw Problem.at(
                            ProblemCode.TOO_LARGE,
                            "body",
                            "the message is too large",
                            "at most " + MAX_BODY + " bytes")
                    .asException();
        }
        CloudEvent event = CloudEvent.decode(letter.contentType(), body, letter.properties());
        if (!event.type().equals(TYPE)) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "type",
                            "events of that type mean nothing here",
                            TYPE)
                    .asException();
        }
        return event;
    }

    private RunRequest request(CloudEvent event) {
        try {
            return mapper.readValue(event.data().canonical(), RunRequest.class);
        } catch (JsonProcessingException malformed) {
            throw Faults.problem(malformed)
                    .orElseThrow(() -> new IllegalStateException(malformed))
                    .asException();
        }
    }

    private Requester requester(CloudEvent event, Optional<TraceParent> trace) {
        return new Requester(
                settings.tenant(),
                "amqp:" + event.source(),
                Optional.of("event:" + Digest.of(event.source() + "\n" + event.id())),
                trace);
    }

    /// The work on one message, in the trace of whoever sent it.
    private Span span(Letter letter) {
        Context sender =
                letter.trace()
                        .map(trace -> Context.root().with(Span.wrap(trace.spanContext())))
                        .orElse(Context.root());
        return tracer.spanBuilder("process run-requests")
                .setParent(sender)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", "amqp")
                .setAttribute("messaging.operation.type", "process")
                .startSpan();
    }

    /// Says of a failure what kind it is, and none of its text.
    private static void failed(Span span, Throwable failure) {
        String type =
                Faults.problem(failure)
                        .map(problem -> problem.code().code())
                        .orElse(failure.getClass().getName());
        span.setStatus(StatusCode.ERROR).setAttribute(Telemetry.ERROR_TYPE, type);
    }

    private Uni<Void> answer(Letter letter, RunView run) {
        return letter.wantsReply()
                ? reply(letter, "application/json", run)
                : Uni.createFrom().voidItem();
    }

    /// An answer that cannot be delivered is the asker's loss: the run is there all the same.
    private Uni<Void> reply(Letter letter, String mediaType, Object value) {
        return Uni.createFrom()
                .item(() -> json(value))
                .chain(text -> letter.reply(mediaType, text))
                .onFailure()
                .invoke(lost -> LOG.warnf("an answer was not delivered: %s", lost.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private Uni<Void> refuse(Letter letter, Throwable failure) {
        Problem problem =
                Faults.problem(failure)
                        .orElseGet(
                                () -> {
                                    LOG.error("a request from the queue failed", failure);
                                    return Problem.of(
                                            ProblemCode.INTERNAL, "something went wrong here");
                                });
        return Uni.createFrom()
                .deferred(() -> letter.setAside(reason(problem)))
                .invoke(queueOutage::ended)
                .onFailure()
                .invoke(queueOutage::began)
                .onFailure()
                .retry()
                .withBackOff(SHORTEST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .chain(
                        () ->
                                letter.wantsReply()
                                        ? reply(
                                                letter,
                                                ProblemBody.MEDIA_TYPE,
                                                ProblemBody.of(problem))
                                        : Uni.createFrom().voidItem());
    }

    private static String reason(Problem problem) {
        return problem.code().code()
                + ": "
                + problem.field().map(field -> field + ": ").orElse("")
                + problem.detail()
                + problem.expected().map(expected -> " (expected " + expected + ")").orElse("");
    }

    private String json(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("an answer is always JSON", impossible);
        }
    }
}
