package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.PolicyDecision;
import dev.signalbox.domain.policy.PolicyEvaluator;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.workflow.PinnedWorkflow;
import dev.signalbox.wire.JsonCodec;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The definitions that come with Signalbox do what they say.
class ExampleDefinitionsTest {

    private static final CelExpressions EXPRESSIONS = new CelExpressions();
    private static final Definitions DEFINITIONS =
            new DefinitionReader(EXPRESSIONS, new Schemas()).readDirectory(Path.of("definitions"));

    @Test
    void allAgentsAreThere() {
        assertThat(DEFINITIONS.agents())
                .extracting(agent -> agent.agent().name() + " " + agent.agent().version())
                .containsExactly(
                        "refund-agent 1.0.0",
                        "refund-agent-openai 1.0.0",
                        "shop-agent 1.0.0",
                        "wire-agent 1.0.0");
    }

    @Test
    void theWorkflowUsesTheRefundDesksTools() {
        PinnedWorkflow workflow = DEFINITIONS.latestWorkflow("refund-workflow").orElseThrow();

        assertThat(workflow.tools()).containsOnlyKeys("orders.lookup", "payments.refund");
        assertThat(workflow.policy().name()).isEqualTo("support");
    }

    @Test
    void theCaseRunsTheRefundDesk() {
        PinnedWorkflow workflow = DEFINITIONS.latestWorkflow("refund-case").orElseThrow();

        assertThat(workflow.children().values())
                .extracting(PinnedDefinition.Child::ref)
                .containsExactly(DEFINITIONS.latest("refund-agent").orElseThrow().ref());
    }

    @ParameterizedTest
    @CsvSource({
        "refund-agent, orders.lookup, {}, ALLOW, ",
        "refund-agent, payments.refund, {\"amount\": 20}, ALLOW, small-refund",
        "refund-agent, payments.refund, {\"amount\": 50}, ALLOW, small-refund",
        "refund-agent, payments.refund, {\"amount\": 50.01}, REQUIRE_APPROVAL, big-refund",
        "refund-agent, payments.refund, {\"amount\": \"a\"}, DENY, small-refund",
        "refund-agent, payments.wire, {\"amount\": 1}, DENY, ",
        "shop-agent, shop.get-order, {}, ALLOW, ",
        "shop-agent, shop.pay-refund, {\"body\": {\"amount\": 50}}, ALLOW, small-refund",
        "shop-agent, shop.pay-refund, {\"body\": {\"amount\": 51}}, DENY, ",
        "wire-agent, payments.wire, {\"amount\": 100}, ALLOW, small-wire",
        "wire-agent, payments.wire, {\"amount\": 101}, DENY, ",
    })
    void policiesDecide(String agent, String tool, String args, Verdict verdict, String rule) {
        PolicyDecision decision =
                new PolicyEvaluator(EXPRESSIONS)
                        .evaluate(
                                DEFINITIONS.latest(agent).orElseThrow().policy(),
                                tool,
                                Map.of(
                                        "tool",
                                        Json.of(Map.of("name", tool)),
                                        "args",
                                        JsonCodec.parse(args)));

        assertThat(decision.verdict()).isEqualTo(verdict);
        assertThat(decision.ruleId().orElse(null)).isEqualTo(rule);
    }

    @Test
    void anApprovalIsOneSupportLeadsWithinFourHours() {
        PinnedAgent agent = DEFINITIONS.latest("refund-agent").orElseThrow();

        assertThat(agent.policy().rules().get(1).approval().orElseThrow().toString())
                .isEqualTo(
                        "ApprovalTerms[approvers=[role:support-lead], quorum=1, fourEyes=true,"
                                + " expiresIn=Optional[PT4H], onExpiry=REJECT]");
    }
}
