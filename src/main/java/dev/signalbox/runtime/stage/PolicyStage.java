package dev.signalbox.runtime.stage;

import dev.signalbox.domain.plan.Action.Propose;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.plan.PolicyFacts;
import dev.signalbox.domain.approval.CallBinding;
import dev.signalbox.domain.branch.BranchPlan.Repeat;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.PolicyDecision;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.RunEvent.FailureKind;
import dev.signalbox.domain.run.RunEvent.PolicyDecided;
import dev.signalbox.domain.run.RunEvent.ToolFailed;
import dev.signalbox.domain.run.RunEvent.ToolProposed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.domain.run.ToolCall.Status;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.verify.SchemaCheck;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/// First stage of a tool call: is it a call of a known tool with arguments that fit, and does the
/// policy let it go out?
@ApplicationScoped
public class PolicyStage {

    private final PolicyEvaluator policies;
    private final SchemaCheck schemas;
    private final ApprovalStage approvals;

    public PolicyStage(PolicyEvaluator policies, SchemaCheck schemas, ApprovalStage approvals) {
        this.policies = policies;
        this.schemas = schemas;
        this.approvals = approvals;
    }

    public Draft propose(Work work, Propose action) {
        PinnedDefinition definition = work.definition();
        Optional<ToolDefinition> tool = definition.tool(action.call().tool());
        CallBinding binding = binding(work, action, tool);
        Optional<Repeat> repeat = work.repeated(action.call().tool(), action.call().arguments());
        Draft draft =
                Draft.of(
                        new ToolProposed(
                                action.effectId(),
                                action.call().callId(),
                                action.call().tool(),
                                action.call().arguments(),
                                binding.digest(),
                                action.replaces(),
                                repeat.map(Repeat::effectId)));
        if (tool.isEmpty()) {
            return draft.add(
                    refused(
                            action,
                            "unknown_tool",
                            "There is no tool of that name. The tools are: "
                                    + String.join(", ", definition.tools().keySet())));
        }
        Json arguments = work.payload(action.call().arguments());
        List<String> findings = schemas.findings(tool.get().input(), arguments);
        if (!findings.isEmpty() || !(arguments instanceof JsonObject)) {
            return draft.add(
                    refused(
                            action,
                            "invalid_arguments",
                            findings.isEmpty()
                                    ? "The arguments have to be an object."
                                    : String.join("; ", findings)));
        }
        Optional<Integer> limit = tool.get().callsPerRun();
        if (limit.isPresent() && used(work.progress(), action) >= limit.get()) {
            return draft.add(
                    refused(
                            action,
                            "tool_limit_reached",
                            "This run has used up its "
                                    + limit.get()
                                    + " calls of "
                                    + tool.get().name()
                                    + "; go on without it."));
        }
        Optional<Draft> told = repeat.flatMap(known -> BranchRules.told(work, action, known));
        return draft.append(
                told.orElseGet(
                        () -> decide(work, action, tool.get(), arguments, binding, repeat)));
    }

    /// Calls of the tool that went out, or may yet.
    private static int used(Progress progress, Propose action) {
        String tool = action.call().tool();
        long pending =
                progress.calls().stream()
                        .filter(call -> call.tool().equals(tool))
                        .filter(PolicyStage::mayYetGoOut)
                        .count();
        return progress.sentByTool().getOrDefault(tool, 0) + (int) pending;
    }

    private static boolean mayYetGoOut(ToolCall call) {
        return switch (call.status()) {
            case Status.Proposed _, Status.AwaitingApproval _ -> true;
            case Status.Allowed(int attempts) -> attempts == 0;
            case Status.EditRequested _,
                    Status.Superseded _,
                    Status.Delegated _,
                    Status.Started _,
                    Status.RetryDue _,
                    Status.OutcomeUnknown _,
                    Status.Succeeded _,
                    Status.Refused _ ->
                    false;
        };
    }

    private Draft decide(
            Work work,
            Propose action,
            ToolDefinition tool,
            Json arguments,
            CallBinding binding,
            Optional<Repeat> repeat) {
        PolicyDecision decision =
                BranchRules.stricter(
                        work,
                        action,
                        tool,
                        repeat,
                        policies.evaluate(
                                work.definition().policy(),
                                tool.name(),
                                PolicyFacts.of(
                                        work.progress().identity(),
                                        tool,
                                        arguments,
                                        work.input())));
        Draft draft =
                Draft.of(
                        new PolicyDecided(
                                action.effectId(),
                                decision.verdict(),
                                work.definition().policy().name(),
                                work.definition().policy().digest(),
                                decision.ruleId(),
                                decision.reason(),
                                decision.approval()));
        return decision.verdict() == Verdict.REQUIRE_APPROVAL
                ? draft.append(approvals.request(work, tool, binding, decision))
                : draft;
    }

    private static CallBinding binding(Work work, Propose action, Optional<ToolDefinition> tool) {
        RunIdentity run = work.progress().identity();
        return new CallBinding(
                action.effectId(),
                action.call().tool(),
                tool.map(ToolDefinition::digest).orElseGet(() -> Digest.of(action.call().tool())),
                action.call().arguments(),
                run.definition().digest(),
                work.definition().policy().digest(),
                run.tenant(),
                run.requestedBy());
    }

    private static ToolFailed refused(Propose action, String code, String detail) {
        return new ToolFailed(
                action.effectId(),
                0,
                FailureKind.PERMANENT,
                code,
                detail,
                Optional.empty(),
                Optional.empty());
    }
}
