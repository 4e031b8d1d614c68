package dev.signalbox.operator;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.Problem.Violation;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.verify.SchemaCheck;
import dev.signalbox.operator.AuditTrail.Attempt;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.ApprovalInbox.Ballot;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Decisions on approvals: each is for one exact call, and leaves a record also when it is refused.
@ApplicationScoped
public class Decisions {

    private final ApprovalInbox inbox;
    private final RunFinder finder;
    private final Approvals approvals;
    private final PinnedTools tools;
    private final SchemaCheck schemas;
    private final AuditTrail trail;

    Decisions(
            ApprovalInbox inbox,
            RunFinder finder,
            Approvals approvals,
            PinnedTools tools,
            SchemaCheck schemas,
            AuditTrail trail) {
        this.inbox = inbox;
        this.finder = finder;
        this.approvals = approvals;
        this.tools = tools;
        this.schemas = schemas;
        this.trail = trail;
    }

    /// What somebody wants to decide, as it came in.
    ///
    /// @param callDigest the call that the person saw
    /// @param arguments what the person wants instead, with [Choice#EDIT] only
    public record Wish(
            Optional<Choice> decision,
            Optional<String> callDigest,
            Optional<String> reason,
            Optional<JsonObject> arguments) {}

    /// Decides on the approval that the path names.
    ///
    /// Fails with the refusal, which has been recorded by then.
    public Uni<ApprovalView> decide(Actor actor, String id, Wish wish) {
        Attempt attempt =
                new Attempt(
                        actor,
                        wish.decision()
                                .map(choice -> choice.name().toLowerCase(Locale.ROOT))
                                .map("approval."::concat)
                                .orElse("approval.decide"),
                        Optional.empty(),
                        Optional.of("approval " + Reasons.shortened(id)),
                        wish.reason().map(Reasons::shortened).orElse(""),
                        detail(wish));
        return trail.attempt(attempt, _ -> found(actor, id))
                .chain(
                        approval ->
                                trail.attempt(
                                        attempt.on(approval.runId()),
                                        known -> decide(known, approval, wish)))
                .chain(decided -> approvals.view(actor, decided));
    }

    private Uni<Approval> found(Actor actor, String id) {
        Access.toDecide(actor);
        return finder.approval(actor, RunFinder.approvalId(id));
    }

    private Uni<Approval> decide(Attempt attempt, Approval approval, Wish wish) {
        Choice choice =
                wish.decision().orElseThrow(() -> missing("decision", "approve, reject or edit"));
        String reason = Reasons.checked(wish.reason());
        Digest callDigest = digest(wish);
        if (wish.arguments().isPresent() != (choice == Choice.EDIT)) {
            throw missing("arguments", "a JSON object with 'edit', and only with 'edit'");
        }
        Ballot ballot =
                new Ballot(
                        approval.id(),
                        attempt.actor(),
                        callDigest,
                        choice,
                        reason,
                        wish.arguments(),
                        trail.accepted(attempt));
        return wish.arguments()
                .map(edited -> fitting(attempt.actor(), approval, edited))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> inbox.decide(ballot));
    }

    /// Refuses arguments that the tool would not take.
    private Uni<Void> fitting(Actor actor, Approval approval, JsonObject edited) {
        if (StepNames.decided(approval.tool()).isPresent()) {
            throw Problem.at(
                            ProblemCode.INVALID_REQUEST,
                            "decision",
                            "a step that asks for a decision makes no call that could be edited",
                            "approve or reject")
                    .asException();
        }
        return finder.run(actor, approval.runId())
                .chain(run -> tools.find(run.identity().definition().digest(), approval.tool()))
                .invoke(
                        tool -> {
                            List<String> findings =
                                    tool.map(known -> schemas.findings(known.input(), edited))
                                            .orElse(List.of("the tool is not known any more"));
                            if (!findings.isEmpty()) {
                                throw mismatch(findings).asException();
                            }
                        })
                .replaceWithVoid();
    }

    private static Problem mismatch(List<String> findings) {
        return new Problem(
                ProblemCode.INVALID_INPUT,
                "The arguments do not match the tool's schema: " + findings.getFirst(),
                Optional.of("arguments"),
                Optional.of("arguments as the tool declares them"),
                findings.stream().map(finding -> new Violation("arguments", finding)).toList());
    }

    private static Digest digest(Wish wish) {
        try {
            return wish.callDigest().map(Digest::new).orElseThrow();
        } catch (RuntimeException _) {
            throw missing("callDigest", "the callDigest of the approval that you have read");
        }
    }

    private static RuntimeException missing(String field, String expected) {
        return Problem.at(
                        ProblemCode.INVALID_REQUEST,
                        field,
                        "'" + field + "' is missing or not right",
                        expected)
                .asException();
    }

    private static JsonObject detail(Wish wish) {
        return wish.callDigest()
                .map(
                        digest ->
                                Map.<String, Json>of(
                                        "callDigest", Json.text(Reasons.shortened(digest))))
                .map(JsonObject::new)
                .orElse(JsonObject.EMPTY);
    }
}
