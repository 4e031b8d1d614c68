package dev.signalbox.operator.console;

import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.approval.Approval.Decision;
import dev.signalbox.domain.approval.Approval.Decision.Choice;
import dev.signalbox.domain.approval.ApprovalRules;
import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.tool.Transport;
import dev.signalbox.operator.Approvals.Case;
import dev.signalbox.operator.console.Words.When;
import dev.signalbox.operator.view.ApprovalView;
import dev.signalbox.operator.view.ApprovalView.DecisionView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One approval: the call exactly as it will be sent, and the decision.
///
/// @param call method and URL template, or the Java tool; empty if the definition cannot be read any more
/// @param terms how the decision works, a sentence each
/// @param refused why the caller may not decide; empty if they may
/// @param problem why a decision was just refused; empty if none was
public record ApprovalPage(
        ApprovalCard card,
        boolean pending,
        String definition,
        String call,
        String description,
        String effectId,
        String idempotency,
        List<String> auth,
        String callDigest,
        List<String> terms,
        List<Vote> votes,
        String refused,
        String approve,
        String reject,
        String api,
        String problem,
        String reason) {

    public ApprovalPage {
        auth = List.copyOf(auth);
        terms = List.copyOf(terms);
        votes = List.copyOf(votes);
    }

    /// What somebody decided.
    public record Vote(String mark, String decision, String by, String reason, When at) {}

    static ApprovalPage of(
            Case found, Actor actor, Instant now, String baseUri, String problem, String reason) {
        ApprovalView view = found.view();
        Optional<ToolDefinition> tool = found.tool();
        return new ApprovalPage(
                ApprovalCard.of(view, now),
                view.status() == Approval.Status.PENDING,
                found.run().identity().definition().name()
                        + " "
                        + found.run().identity().definition().version(),
                tool.map(ToolDefinition::transport).map(ApprovalPage::line).orElse(""),
                tool.map(ToolDefinition::description).orElse(""),
                view.effectId().value(),
                tool.map(ApprovalPage::repeating).orElse(""),
                tool.map(ToolDefinition::auth).orElse(List.of()),
                view.callDigest().value(),
                terms(view, found.run()),
                view.decisions().stream().map(vote -> vote(vote, now)).toList(),
                refusal(found.approval(), actor, now),
                approving(view),
                rejecting(found.run()),
                Api.post(
                        baseUri,
                        "/operator/v1/approvals/" + view.id() + "/decisions",
                        "{\"decision\": \"approve\", \"callDigest\": \""
                                + view.callDigest()
                                + "\", \"reason\": \"…\"}"),
                problem,
                reason);
    }

    private static String line(Transport transport) {
        return switch (transport) {
            case HttpCall http -> http.method().name() + " " + http.url();
            case JavaCall java -> "Java " + java.name() + ", in the worker";
            case RunCall run -> "a run of " + run.name();
        };
    }

    private static String repeating(ToolDefinition tool) {
        return switch (tool.idempotency()) {
            case KEY -> "The tool honours the key: a repeated call acts once.";
            case NATURAL -> "Repeating the call changes nothing more.";
            case NONE ->
                    tool.sideEffect().writes()
                            ? "The tool does not honour keys: if the answer is lost, the run is"
                                    + " held and nobody sends the call again blindly."
                            : "The call changes nothing.";
        };
    }

    private static List<String> terms(ApprovalView view, RunSummary run) {
        List<String> terms = new ArrayList<>();
        terms.add(
                "Decided by "
                        + String.join(" or ", view.approvers())
                        + (view.quorum() > 1
                                ? "; " + view.quorum() + " different people must approve."
                                : "."));
        if (view.fourEyes()) {
            terms.add(
                    "Four eyes: "
                            + view.requestedBy()
                            + ", who asked for the run, may not decide.");
        }
        if (view.expiresAt().isPresent()) {
            terms.add(
                    "If nobody decides in time, "
                            + switch (view.onExpiry()) {
                                case REJECT ->
                                        ofModel(run)
                                                ? "the call is rejected and the model is told."
                                                : "the call is rejected, and the run fails.";
                                case FAIL -> "the run fails.";
                                case HOLD -> "the run is held for an operator.";
                            });
        }
        return terms;
    }

    private static boolean ofModel(RunSummary run) {
        return switch (run.identity().definition().kind()) {
            case AGENT -> true;
            case WORKFLOW -> false;
        };
    }

    private static String rejecting(RunSummary run) {
        return ofModel(run)
                ? "Nothing is sent. The model is told “rejected” with your reason, and goes on"
                        + " without this call."
                : "Nothing is sent. The step fails as “rejected” with your reason, and the run"
                        + " with it.";
    }

    private static String approving(ApprovalView view) {
        long given =
                view.decisions().stream().filter(vote -> vote.decision() == Choice.APPROVE).count();
        return given + 1 < view.quorum()
                ? "Your approval is number "
                        + (given + 1)
                        + " of "
                        + view.quorum()
                        + "; then others decide."
                : "The call goes out once, exactly as it stands here.";
    }

    private static Vote vote(DecisionView vote, Instant now) {
        return switch (vote.decision()) {
            case APPROVE ->
                    new Vote(
                            "completed",
                            "approved",
                            vote.by(),
                            vote.reason(),
                            Words.when(vote.at(), now));
            case REJECT ->
                    new Vote(
                            "failed",
                            "rejected",
                            vote.by(),
                            vote.reason(),
                            Words.when(vote.at(), now));
            case EDIT ->
                    new Vote(
                            "cancelled",
                            "edited",
                            vote.by(),
                            vote.reason(),
                            Words.when(vote.at(), now));
        };
    }

    /// Why the rules would refuse this caller, whatever they decide.
    private static String refusal(Approval approval, Actor actor, Instant now) {
        try {
            ApprovalRules.decide(
                    approval,
                    actor,
                    approval.callDigest(),
                    new Decision(Choice.REJECT, actor.name(), "", Optional.empty(), now),
                    now);
            return "";
        } catch (ProblemException refused) {
            return refused.problem().detail();
        }
    }
}
