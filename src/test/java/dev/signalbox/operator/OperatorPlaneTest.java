package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.store.RunInbox;
import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(AloneProfile.class)
class OperatorPlaneTest {

    private static final String API = "/operator/v1";

    @Inject Stations stations;
    @Inject RunInbox inbox;

    private static ValidatableResponse get(TestTokens caller, String path) {
        return Planes.operator(caller).get(API + path).then();
    }

    private static ValidatableResponse post(TestTokens caller, String path, Object body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .post(API + path)
                .then();
    }

    private static ValidatableResponse audit(Journals run) {
        return get(TestTokens.OPERATOR, "/audit?runId=" + run.id()).statusCode(200);
    }

    private List<Ask> asked(Journals run) {
        return inbox.read(run.id()).await().indefinitely().commands().stream()
                .map(command -> command.ask())
                .toList();
    }

    private static Map<String, Object> decision(Journals run, String choice) {
        return Map.of(
                "decision",
                choice,
                "callDigest",
                run.callDigest().value(),
                "reason",
                "looked at the order");
    }

    @Test
    void a_run_is_told_in_steps_with_what_it_waits_for() {
        Journals run = stations.waiting();

        get(TestTokens.VIEWER, "/runs/" + run.id())
                .statusCode(200)
                .body("id", equalTo(run.id().toString()))
                .body("status", equalTo("waiting"))
                .body("input.amount", equalTo(120))
                .body("waitingOn.kind", equalTo("approval"))
                .body("steps.kind", hasItems("moment", "model", "tool"))
                .body(
                        "steps.findAll { it.kind == 'tool' }.tool",
                        contains("orders.lookup", "payments.refund"))
                .body("steps.findAll { it.kind == 'tool' }[1].status", equalTo("awaiting_approval"))
                .body("steps.findAll { it.kind == 'tool' }[1].arguments.amount", equalTo(120))
                .body("steps.findAll { it.kind == 'tool' }[1].policy.ruleId", equalTo("big-refund"))
                .body("pendingApprovals.id", contains(run.approval().id().toString()))
                .body("children.runs", equalTo(0))
                .body("lineage.rootRunId", equalTo(run.id().toString()))
                .body("links.self", equalTo(API + "/runs/" + run.id()))
                .body("actions", empty());
    }

    @Test
    void attention_puts_what_needs_a_person_first() {
        Journals held = stations.held();
        Journals done = stations.completed();

        List<String> ids =
                get(TestTokens.VIEWER, "/runs?attention=true&limit=200")
                        .statusCode(200)
                        .extract()
                        .path("items.id");

        assertThat(ids.indexOf(held.id().toString())).isLessThan(ids.indexOf(done.id().toString()));
    }

    @Test
    void a_list_can_be_searched_by_text_and_filtered() {
        Journals run = stations.failed();

        get(TestTokens.VIEWER, "/runs?text=" + run.id().toString().substring(20))
                .statusCode(200)
                .body("items.id", contains(run.id().toString()));
        get(TestTokens.VIEWER, "/runs?status=failed&label=shop:lisbon&definition=refund-agent")
                .statusCode(200)
                .body("items.id", hasItem(run.id().toString()));
        get(TestTokens.VIEWER, "/runs?status=nonsense")
                .statusCode(400)
                .body("field", equalTo("status"));
        get(TestTokens.VIEWER, "/runs?since=yesterday").statusCode(400);
        get(TestTokens.VIEWER, "/runs?limit=201").statusCode(400);
    }

    @Test
    void the_journal_is_paged_and_every_entry_shown_with_its_values() {
        Journals run = stations.completed();

        String cursor =
                get(TestTokens.VIEWER, "/runs/" + run.id() + "/journal?limit=5")
                        .statusCode(200)
                        .body("items.seq", contains(1, 2, 3, 4, 5))
                        .body("items[0].type", equalTo("run_submitted"))
                        .body("items[0].payloads.values()[0].amount", equalTo(120))
                        .extract()
                        .path("nextCursor");

        get(TestTokens.VIEWER, "/runs/" + run.id() + "/journal?cursor=" + cursor)
                .statusCode(200)
                .body("items[0].seq", equalTo(6))
                .body("nextCursor", nullValue());
    }

    @Test
    void the_state_at_any_entry_is_the_fold_up_to_it() {
        Journals run = stations.waiting();

        get(TestTokens.VIEWER, "/runs/" + run.id() + "/state?seq=1")
                .statusCode(200)
                .body("status", equalTo("queued"));
        get(TestTokens.VIEWER, "/runs/" + run.id() + "/state")
                .statusCode(200)
                .body("status", equalTo("waiting"))
                .body("turn.calls[0].status", equalTo("awaiting_approval"))
                .body("conversation[0].turn.calls[0].result.customer", equalTo("Ada"));
        get(TestTokens.VIEWER, "/runs/" + run.id() + "/state?seq=999").statusCode(400);
        get(TestTokens.VIEWER, "/runs/" + run.id() + "/state?seq=0").statusCode(400);
        get(TestTokens.VIEWER, "/runs/" + run.id() + "/state?seq=x").statusCode(400);
    }

    @Test
    void the_tree_is_json_or_a_drawing() {
        Journals run = stations.completed();

        get(TestTokens.VIEWER, "/runs/" + run.id() + "/tree")
                .statusCode(200)
                .body("run.id", equalTo(run.id().toString()))
                .body("children", empty())
                .body("subtree.runs", equalTo(1))
                .body("subtree.usage.toolCalls", equalTo(2))
                .body("subtree.duration", startsWith("PT"));
        assertThat(
                        Planes.operator(TestTokens.VIEWER)
                                .accept("text/plain")
                                .get(API + "/runs/" + run.id() + "/tree")
                                .asString())
                .startsWith("✓ completed refund-agent@");
    }

    @Test
    void an_approval_shows_the_exact_call() {
        Journals run = stations.waiting();

        get(TestTokens.LEAD, "/approvals/" + run.approval().id())
                .statusCode(200)
                .body("tool", equalTo("payments.refund"))
                .body("arguments.amount", equalTo(120))
                .body("callDigest", equalTo(run.callDigest().value()))
                .body("sideEffect", equalTo("external_write"))
                .body("policy", equalTo("support"))
                .body("ruleId", equalTo("big-refund"))
                .body("approvers", contains("role:support-lead"))
                .body("quorum", equalTo(1))
                .body("status", equalTo("pending"))
                .body("decisions", empty())
                .body("requestedBy", equalTo("svc-shop"))
                .body("expiresAt", notNullValue());
        get(TestTokens.LEAD, "/approvals?status=pending&limit=200")
                .statusCode(200)
                .body("items.id", hasItem(run.approval().id().toString()));
    }

    @Test
    void an_approval_is_given_once_for_the_call_that_was_seen() {
        Journals run = stations.waiting();
        String path = "/approvals/" + run.approval().id() + "/decisions";

        post(
                        TestTokens.LEAD,
                        path,
                        Map.of(
                                "decision",
                                "approve",
                                "callDigest",
                                "sha256:" + "0".repeat(64),
                                "reason",
                                "ok"))
                .statusCode(409)
                .body("code", equalTo("call_changed"));
        post(TestTokens.LEAD, path, decision(run, "approve"))
                .statusCode(200)
                .body("status", equalTo("approved"))
                .body("decisions[0].by", equalTo(TestTokens.LEAD.caller()));
        post(TestTokens.OPERATOR, path, decision(run, "reject"))
                .statusCode(409)
                .body("code", equalTo("already_settled"));

        audit(run)
                .body(
                        "items.action",
                        contains("approval.reject", "approval.approve", "approval.approve"))
                .body("items.refusal", contains("already_settled", null, "call_changed"))
                .body("items[1].reason", equalTo("looked at the order"));
    }

    @Test
    void who_is_not_an_approver_decides_nothing_and_is_on_record() {
        Journals run = stations.waiting();

        post(
                        TestTokens.VIEWER,
                        "/approvals/" + run.approval().id() + "/decisions",
                        decision(run, "approve"))
                .statusCode(403)
                .body("code", equalTo("not_an_approver"));

        audit(run)
                .body("items.actor", contains(TestTokens.VIEWER.caller()))
                .body("items.refusal", contains("not_an_approver"));
    }

    @Test
    void an_edit_must_fit_the_tools_schema() {
        Journals run = stations.waiting();
        String path = "/approvals/" + run.approval().id() + "/decisions";
        Map<String, Object> edit =
                Map.of(
                        "decision",
                        "edit",
                        "callDigest",
                        run.callDigest().value(),
                        "reason",
                        "half of it",
                        "arguments",
                        Map.of("orderId", "A-120", "amount", "sixty"));

        post(TestTokens.LEAD, path, edit).statusCode(400).body("code", equalTo("invalid_input"));
        post(TestTokens.LEAD, path, decision(run, "edit"))
                .statusCode(400)
                .body("field", equalTo("arguments"));
        post(
                        TestTokens.LEAD,
                        path,
                        Map.of(
                                "decision",
                                "edit",
                                "callDigest",
                                run.callDigest().value(),
                                "reason",
                                "half of it",
                                "arguments",
                                Map.of("orderId", "A-120", "amount", 60)))
                .statusCode(200)
                .body("status", equalTo("edited"))
                .body("decisions[0].arguments.amount", equalTo(60));
    }

    @Test
    void a_decision_says_which_what_and_why() {
        Journals run = stations.waiting();
        String path = "/approvals/" + run.approval().id() + "/decisions";

        post(TestTokens.LEAD, path, Map.of()).statusCode(400).body("field", equalTo("decision"));
        post(TestTokens.LEAD, path, Map.of("decision", "maybe")).statusCode(400);
        post(
                        TestTokens.LEAD,
                        path,
                        Map.of("decision", "approve", "callDigest", run.callDigest().value()))
                .statusCode(400)
                .body("field", equalTo("reason"));
        post(TestTokens.LEAD, path, Map.of("decision", "approve", "reason", "ok"))
                .statusCode(400)
                .body("field", equalTo("callDigest"));
    }

    @Test
    void commands_wait_in_the_runs_inbox_with_their_record() {
        Journals run = stations.waiting();

        post(
                        TestTokens.OPERATOR,
                        "/runs/" + run.id() + "/hold",
                        Map.of("reason", "strange customer"))
                .statusCode(202)
                .body("runId", equalTo(run.id().toString()));

        assertThat(asked(run)).containsExactly(new Ask.HoldRun());
        audit(run)
                .body("items.action", contains("run.hold"))
                .body("items.reason", contains("strange customer"))
                .body("items[0].refusal", nullValue());
    }

    @Test
    void a_viewer_commands_nothing_and_the_attempt_is_on_record() {
        Journals run = stations.waiting();

        post(TestTokens.VIEWER, "/runs/" + run.id() + "/cancel", Map.of("reason", "no more"))
                .statusCode(403)
                .body("code", equalTo("forbidden"));

        assertThat(asked(run)).isEmpty();
        audit(run).body("items.refusal", contains("forbidden"));
        get(TestTokens.VIEWER, "/audit").statusCode(403);
    }

    @Test
    void a_command_without_a_reason_is_refused() {
        Journals run = stations.waiting();

        post(TestTokens.OPERATOR, "/runs/" + run.id() + "/hold", Map.of("reason", "  "))
                .statusCode(400)
                .body("field", equalTo("reason"));
        post(TestTokens.OPERATOR, "/runs/" + run.id() + "/hold", Map.of("reason", "x".repeat(2001)))
                .statusCode(400);
        Planes.operator(TestTokens.OPERATOR)
                .contentType(ContentType.JSON)
                .post(API + "/runs/" + run.id() + "/hold")
                .then()
                .statusCode(400);

        assertThat(asked(run)).isEmpty();
    }

    @Test
    void what_a_state_does_not_allow_is_a_conflict() {
        Journals done = stations.completed();
        Journals waiting = stations.waiting();
        Journals held = stations.held();
        Map<String, String> why = Map.of("reason", "because");

        post(TestTokens.OPERATOR, "/runs/" + done.id() + "/hold", why)
                .statusCode(409)
                .body("code", equalTo("illegal_move"));
        post(TestTokens.OPERATOR, "/runs/" + done.id() + "/cancel", why).statusCode(409);
        post(TestTokens.OPERATOR, "/runs/" + waiting.id() + "/release", why).statusCode(409);
        post(TestTokens.OPERATOR, "/runs/" + held.id() + "/hold", why).statusCode(409);
        post(TestTokens.OPERATOR, "/runs/" + held.id() + "/release", why)
                .statusCode(409)
                .body("detail", startsWith("Reconcile first"));
        audit(held).body("items.refusal", contains("illegal_move", "illegal_move"));
    }

    @Test
    void only_an_open_effect_of_a_held_run_is_reconciled() {
        Journals held = stations.held();
        Journals waiting = stations.waiting();
        String path = "/runs/" + held.id() + "/reconcile";

        post(
                        TestTokens.OPERATOR,
                        path,
                        Map.of("effectId", held.id() + "-t1", "outcome", "happened", "reason", "r"))
                .statusCode(409);
        post(
                        TestTokens.OPERATOR,
                        path,
                        Map.of(
                                "effectId",
                                held.call().value(),
                                "outcome",
                                "perhaps",
                                "reason",
                                "r"))
                .statusCode(400);
        post(
                        TestTokens.OPERATOR,
                        "/runs/" + waiting.id() + "/reconcile",
                        Map.of(
                                "effectId",
                                waiting.call().value(),
                                "outcome",
                                "happened",
                                "reason",
                                "r"))
                .statusCode(409);
        post(
                        TestTokens.OPERATOR,
                        path,
                        Map.of(
                                "effectId",
                                held.call().value(),
                                "outcome",
                                "did_not_happen",
                                "reason",
                                "not in the ledger"))
                .statusCode(202);

        assertThat(asked(held)).singleElement().isInstanceOf(Ask.Reconcile.class);
        get(TestTokens.OPERATOR, "/runs/" + held.id())
                .body("hold.reason", equalTo("unknown_outcome"))
                .body("hold.effectIds", contains(held.call().value()))
                .body("actions", contains("reconcile", "cancel", "legal-hold"));
    }

    @Test
    void a_run_that_is_held_for_its_budget_gets_more() {
        Journals held = stations.heldForBudget();

        post(
                        TestTokens.OPERATOR,
                        "/runs/" + held.id() + "/budget",
                        Map.of("modelCalls", 3, "costUsd", 0.75, "reason", "a hard case"))
                .statusCode(202)
                .body("runId", equalTo(held.id().toString()))
                .body("action", equalTo("budget"));

        assertThat(asked(held))
                .singleElement()
                .isInstanceOfSatisfying(
                        Ask.RaiseBudget.class,
                        raise -> {
                            assertThat(raise.target()).isEqualTo(held.id());
                            assertThat(raise.path()).isEmpty();
                            assertThat(raise.more().modelCalls()).contains(2L);
                            assertThat(raise.more().costUsd()).contains(new BigDecimal("0.25"));
                        });
        get(TestTokens.OPERATOR, "/runs/" + held.id())
                .body("status", equalTo("held"))
                .body("hold.reason", equalTo("budget"))
                .body("hold.shortage.kind", equalTo("model_calls"))
                .body("hold.shortage.total.modelCalls", equalTo(1))
                .body("hold.shortage.total.wallClock", equalTo("PT10M"))
                .body("waitingOn.detail", startsWith("1 model calls are used up"))
                .body("actions", contains("budget", "release", "cancel", "legal-hold"));
        audit(held)
                .body("items.action", contains("run.budget"))
                .body("items[0].detail.modelCalls", equalTo(3));
    }

    @Test
    void a_raise_that_makes_no_sense_is_refused_and_recorded() {
        Journals held = stations.heldForBudget();
        String path = "/runs/" + held.id() + "/budget";

        for (Object wrong : List.of(0, -1, 1, 1.5, 2_000_000, "many", true)) {
            post(TestTokens.OPERATOR, path, Map.of("modelCalls", wrong, "reason", "r"))
                    .statusCode(400)
                    .body("field", equalTo("modelCalls"));
        }
        for (String wrong : List.of("", "soon", "-PT1H", "PT0S", "PT5M", "P9999D")) {
            post(
                            TestTokens.OPERATOR,
                            path,
                            Map.of("modelCalls", 3, "wallClock", wrong, "reason", "r"))
                    .statusCode(400)
                    .body("field", equalTo("wallClock"));
        }
        post(TestTokens.OPERATOR, path, Map.of("modelCalls", 3, "costUsd", -0.1, "reason", "r"))
                .statusCode(400)
                .body("field", equalTo("costUsd"));
        post(TestTokens.OPERATOR, path, Map.of("modelCalls", 3, "tokens", 9, "reason", "r"))
                .statusCode(400)
                .body("field", equalTo("tokens"));
        post(TestTokens.OPERATOR, path, Map.of("toolCalls", 9, "reason", "r"))
                .statusCode(400)
                .body("field", equalTo("modelCalls"))
                .body("expected", equalTo("more than 1 model calls"));
        post(TestTokens.OPERATOR, path, Map.of("modelCalls", 3, "runs", 3, "reason", "r"))
                .statusCode(400)
                .body("field", equalTo("runs"));
        post(TestTokens.OPERATOR, path, Map.of("modelCalls", 3))
                .statusCode(400)
                .body("field", equalTo("reason"));
        post(TestTokens.OPERATOR, path, Map.of("reason", "r")).statusCode(400);
        post(
                        TestTokens.OPERATOR,
                        "/runs/" + stations.held().id() + "/budget",
                        Map.of("modelCalls", 3, "reason", "r"))
                .statusCode(409)
                .body("code", equalTo("illegal_move"));

        assertThat(asked(held)).isEmpty();
        audit(held).body("items.refusal", hasItem("invalid_request"));
    }

    @Test
    void only_operators_raise_budgets_and_who_tries_is_recorded() {
        Journals held = stations.heldForBudget();

        post(
                        TestTokens.VIEWER,
                        "/runs/" + held.id() + "/budget",
                        Map.of("modelCalls", 3, "reason", "please"))
                .statusCode(403);

        assertThat(asked(held)).isEmpty();
        audit(held)
                .body("items.action", contains("run.budget"))
                .body("items.refusal", contains("forbidden"));
    }

    @Test
    void another_tenants_runs_do_not_exist() {
        Journals theirs = stations.waiting("elsewhere");

        get(TestTokens.OPERATOR, "/runs/" + theirs.id()).statusCode(404);
        get(TestTokens.OPERATOR, "/runs/" + theirs.id() + "/journal").statusCode(404);
        get(TestTokens.OPERATOR, "/runs/" + theirs.id() + "/state").statusCode(404);
        get(TestTokens.OPERATOR, "/runs/" + theirs.id() + "/tree").statusCode(404);
        get(TestTokens.OPERATOR, "/approvals/" + theirs.approval().id()).statusCode(404);
        get(TestTokens.OPERATOR, "/runs?limit=200")
                .body("items.id", not(hasItem(theirs.id().toString())));
        get(TestTokens.OPERATOR, "/approvals?limit=200")
                .body("items.runId", not(hasItem(theirs.id().toString())));
        post(TestTokens.OPERATOR, "/runs/" + theirs.id() + "/cancel", Map.of("reason", "x"))
                .statusCode(404);
        post(
                        TestTokens.OPERATOR,
                        "/approvals/" + theirs.approval().id() + "/decisions",
                        decision(theirs, "approve"))
                .statusCode(404);
        get(TestTokens.OPERATOR, "/runs/nonsense").statusCode(404);
        assertThat(asked(theirs)).isEmpty();
        get(TestTokens.OPERATOR, "/audit?action=run.cancel")
                .body(
                        "items.find { it.refusal == 'not_found' }.target",
                        equalTo("run " + theirs.id()));
    }

    @Test
    void secrets_are_shown_to_auditors_only() {
        Journals run = stations.hostile();

        get(TestTokens.LEAD, "/approvals/" + run.approval().id())
                .body("arguments.apiKey", equalTo("[redacted]"));
        get(TestTokens.VIEWER, "/runs/" + run.id() + "/journal")
                .body(not(containsString("sk-very-secret")));
        get(TestTokens.VIEWER, "/runs/" + run.id())
                .body("steps.toString()", not(containsString("sk-very-secret")));
        get(TestTokens.VIEWER, "/runs/" + run.id() + "/state")
                .body("toString()", not(containsString("sk-very-secret")));
        get(TestTokens.OPERATOR, "/approvals/" + run.approval().id())
                .body("arguments.apiKey", equalTo("sk-very-secret"));
    }

    @Test
    void the_overview_counts_and_says_when() {
        stations.waiting();

        get(TestTokens.VIEWER, "/overview")
                .statusCode(200)
                .body("at", notNullValue())
                .body("runs.waiting", not(equalTo(0)))
                .body("runs.keySet()", hasItems("queued", "running", "held"))
                .body("approvals.pending", not(equalTo(0)))
                .body("approvals.oldestAge", startsWith("PT"));
    }

    @Test
    void nobody_gets_in_without_an_operators_token() {
        Planes.anonymous(Planes.operatorUri()).get(API + "/runs").then().statusCode(401);
        Planes.anonymous(Planes.operatorUri())
                .header("Authorization", "Bearer " + TestTokens.SUBMITTER.token())
                .get(API + "/runs")
                .then()
                .statusCode(401);
        Planes.request(TestTokens.SUBMITTER).get(API + "/runs").then().statusCode(404);
    }
}
