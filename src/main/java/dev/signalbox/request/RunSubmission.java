package dev.signalbox.request;

import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.Problem.Violation;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.retention.Tombstone;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.queue.Relay;
import dev.signalbox.queue.TraceParent;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.NewRun;
import dev.signalbox.store.NewRun.IdempotencyKey;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.StoreClock;
import dev.signalbox.store.Submission;
import dev.signalbox.web.PrunedRuns;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Validator;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes runs of requests, whichever way they came.
///
/// Guarantee: when [#submit] completes, the run is durable and due; whether the queue can be
/// reached makes no difference. A request that is refused has written nothing.
@ApplicationScoped
public class RunSubmission {

    /// Largest input, as canonical JSON text.
    public static final int MAX_INPUT_LENGTH = 1 << 20;

    private static final Duration MAX_DEADLINE = Duration.ofDays(365);
    private static final int DEFAULT_PRIORITY = 5;

    private final RunStore runs;
    private final DefinitionStore definitions;
    private final SchemaCheck schemas;
    private final Validator validator;
    private final Relay relay;
    private final IdSource ids;
    private final StoreClock clock;

    RunSubmission(
            RunStore runs,
            DefinitionStore definitions,
            SchemaCheck schemas,
            Validator validator,
            Relay relay,
            IdSource ids,
            StoreClock clock) {
        this.runs = runs;
        this.definitions = definitions;
        this.schemas = schemas;
        this.validator = validator;
        this.relay = relay;
        this.ids = ids;
        this.clock = clock;
    }

    /// Creates the run, or finds the one that the same key and request made before.
    ///
    /// Fails with a [ProblemException] that says what is wrong with the request.
    Uni<RunSummary> submit(RunRequest request, Requester requester) {
        return Uni.createFrom()
                .item(() -> checked(request))
                .chain(deadline -> definition(request).map(pinned -> new Plan(pinned, deadline)))
                .invoke(plan -> checkInput(plan.definition(), request.input()))
                .map(plan -> newRun(request, requester, plan))
                .chain(runs::create)
                .map(this::outcome);
    }

    private record Plan(StoredDefinition definition, Optional<Duration> deadline) {}

    private Optional<Duration> checked(RunRequest request) {
        var violations = validator.validate(request);
        if (!violations.isEmpty()) {
            throw new ConstraintViolationException(violations);
        }
        if (request.input().canonical().length() > MAX_INPUT_LENGTH) {
            throw Problem.at(
                            ProblemCode.TOO_LARGE,
                            "input",
                            "the input is too large",
                            "at most " + MAX_INPUT_LENGTH + " characters")
                    .asException();
        }
        return deadline(request.deadline());
    }

    private static Optional<Duration> deadline(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            Duration deadline = Duration.parse(text);
            if (deadline.isPositive() && deadline.compareTo(MAX_DEADLINE) <= 0) {
                return Optional.of(deadline);
            }
        } catch (DateTimeParseException _) {
            // Said below, as for a duration that is out of range.
        }
        throw Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        "deadline",
                        "the deadline is not a duration that a run can have",
                        "an ISO 8601 duration such as PT10M, more than zero, at most P365D")
                .asException();
    }

    private Uni<StoredDefinition> definition(RunRequest request) {
        return definitions
                .resolve(request.definition(), Optional.ofNullable(request.version()))
                .map(found -> found.orElseThrow(() -> unknown(request)));
    }

    private static ProblemException unknown(RunRequest request) {
        String version = request.version() == null ? "" : " in version " + request.version();
        return Problem.at(
                        ProblemCode.UNKNOWN_DEFINITION,
                        "definition",
                        "there is no definition '" + request.definition() + "'" + version,
                        "the name of a definition that has been applied")
                .asException();
    }

    /// Holds the input against the schema that the pinned definition has for it, if it has one.
    private void checkInput(StoredDefinition definition, JsonObject input) {
        List<String> findings =
                definition
                        .inputSchema()
                        .map(schema -> schemas.findings(schema, input))
                        .orElse(List.of());
        if (!findings.isEmpty()) {
            throw new Problem(
                            ProblemCode.INVALID_INPUT,
                            "the input does not match the schema of "
                                    + definition.ref().name()
                                    + ": "
                                    + findings.getFirst(),
                            Optional.of("input"),
                            Optional.of(findings.getFirst()),
                            findings.stream()
                                    .map(finding -> new Violation("input", finding))
                                    .toList())
                    .asException();
        }
    }

    private NewRun newRun(RunRequest request, Requester requester, Plan plan) {
        RunId id = new RunId(ids.next());
        Instant now = clock.instant();
        RunIdentity identity =
                new RunIdentity(
                        id,
                        plan.definition().ref(),
                        requester.tenant(),
                        requester.name(),
                        request.labels() == null ? Map.of() : request.labels(),
                        request.priority() == null ? DEFAULT_PRIORITY : request.priority(),
                        request.input().digest(),
                        plan.deadline().map(now::plus),
                        Lineage.rootOf(id),
                        requester.trace().map(TraceParent::traceId).orElseGet(this::newTrace),
                        requester.trace().map(TraceParent::spanId),
                        now);
        Json input = request.input();
        return NewRun.of(
                identity,
                input,
                requester
                        .key()
                        .map(
                                key ->
                                        new IdempotencyKey(
                                                requester.tenant(),
                                                key,
                                                request.asJson().digest())));
    }

    private String newTrace() {
        return ids.next().toString().replace("-", "");
    }

    private RunSummary outcome(Submission submission) {
        return switch (submission) {
            case Submission.Created(RunSummary run) -> {
                relay.wake(run.identity().id());
                yield run;
            }
            case Submission.Existing(RunSummary run) -> run;
            case Submission.Pruned(Tombstone run) -> throw PrunedRuns.pruned(run);
            case Submission.Conflict() ->
                    throw ProblemException.of(
                            ProblemCode.IDEMPOTENCY_CONFLICT,
                            "the idempotency key was used with another request before");
        };
    }
}
