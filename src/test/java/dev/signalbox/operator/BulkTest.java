package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.store.Bulk;
import dev.signalbox.store.BulkStore;
import dev.signalbox.store.RunFilter;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// One command to many runs, while no worker is there.
@QuarkusTest
@TestProfile(AloneProfile.class)
class BulkTest {

    private static final String API = "/operator/v1";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject Stations stations;
    @Inject RunStore runs;
    @Inject RunLeases leases;
    @Inject RunInbox inbox;
    @Inject BulkStore bulks;
    @Inject IdSource ids;

    private static ValidatableResponse post(TestTokens caller, String path, Object body) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(body)
                .post(API + path)
                .then();
    }

    private static ValidatableResponse get(String path) {
        return Planes.operator(TestTokens.OPERATOR).get(API + path).then();
    }

    private static Map<String, Object> wish(String action, Map<String, ?> filter, boolean dryRun) {
        return Map.of("action", action, "filter", filter, "reason", "clean up", "dryRun", dryRun);
    }

    private static void awaitEnd(String id) {
        await().atMost(PATIENCE)
                .until(() -> !get("/bulk/" + id).extract().path("status").equals("running"));
    }

    /// Runs of a definition that nothing else has.
    private List<Journals> runsOf(String definition, int count) {
        List<Journals> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(
                    Journals.of(definition, "{}", Instant.now().minusSeconds(60 + i))
                            .started()
                            .into(runs, leases));
        }
        return made;
    }

    private int asked(Journals run) {
        return inbox.read(run.id()).await().indefinitely().commands().size();
    }

    private static String unique() {
        return "bulk-" + UUID.randomUUID();
    }

    @Test
    void a_dry_run_counts_and_shows_some_and_does_nothing() {
        String definition = unique();
        List<Journals> made = runsOf(definition, 12);

        post(TestTokens.VIEWER, "/bulk", wish("hold", Map.of("definition", definition), true))
                .statusCode(200)
                .body("id", nullValue())
                .body("dryRun", equalTo(true))
                .body("status", equalTo("dry_run"))
                .body("total", equalTo(12))
                .body("done", equalTo(0))
                .body("examples", hasSize(10))
                .body("examples.definition", hasItem(definition))
                .body("filter.definition", equalTo(definition));

        assertThat(made).allMatch(run -> asked(run) == 0);
    }

    @Test
    void every_run_of_the_filter_is_commanded_and_recorded_once() {
        String definition = unique();
        List<Journals> made = runsOf(definition, 60);

        String id =
                post(
                                TestTokens.OPERATOR,
                                "/bulk",
                                wish("hold", Map.of("definition", definition), false))
                        .statusCode(202)
                        .body("total", equalTo(60))
                        .extract()
                        .path("id");
        awaitEnd(id);

        get("/bulk/" + id)
                .body("status", equalTo("completed"))
                .body("accepted", equalTo(60))
                .body("refused", equalTo(0))
                .body("done", equalTo(60))
                .body("finishedAt", notNullValue());
        assertThat(made).allMatch(run -> asked(run) == 1);
        get("/audit?runId=" + made.getFirst().id())
                .body("items", hasSize(1))
                .body("items[0].action", equalTo("run.hold"))
                .body("items[0].reason", equalTo("clean up (bulk " + id + ")"))
                .body("items[0].actor", equalTo(TestTokens.OPERATOR.caller()));
        get("/audit?action=bulk.hold").body("items.target", hasItem("bulk " + id));
    }

    @Test
    void what_a_run_refuses_is_told_and_the_others_go_on() {
        Journals done = stations.completed();
        Journals open = stations.running();

        String id =
                post(
                                TestTokens.OPERATOR,
                                "/bulk",
                                wish(
                                        "cancel",
                                        Map.of(
                                                "status",
                                                List.of("completed", "running"),
                                                "label",
                                                Map.of("shop", "lisbon"),
                                                "since",
                                                done.history().getFirst().at().toString()),
                                        false))
                        .statusCode(202)
                        .extract()
                        .path("id");
        awaitEnd(id);

        assertThat(asked(open)).isEqualTo(1);
        get("/bulk/" + id)
                .body("status", equalTo("completed"))
                .body("refusals.runId", hasItem(done.id().toString()))
                .body("refusals.code", hasItem("illegal_move"));
    }

    @Test
    void what_means_everything_or_nothing_is_refused() {
        post(TestTokens.OPERATOR, "/bulk", wish("hold", Map.of(), false))
                .statusCode(400)
                .body("field", equalTo("filter"));
        post(TestTokens.OPERATOR, "/bulk", wish("hold", Map.of("text", " "), true))
                .statusCode(400)
                .body("field", equalTo("filter"));
        post(TestTokens.OPERATOR, "/bulk", Map.of("action", "hold", "reason", "x")).statusCode(400);
        post(TestTokens.OPERATOR, "/bulk", wish("delete", Map.of("text", "a"), false))
                .statusCode(400)
                .body("field", equalTo("action"));
        post(TestTokens.OPERATOR, "/bulk", wish("hold", Map.of("status", "asleep"), false))
                .statusCode(400);
        post(TestTokens.OPERATOR, "/bulk", wish("hold", Map.of("color", "red"), false))
                .statusCode(400);
        post(
                        TestTokens.OPERATOR,
                        "/bulk",
                        Map.of("action", "hold", "filter", Map.of("text", "nobody")))
                .statusCode(400)
                .body("field", equalTo("reason"));
        get("/bulk/unknown").statusCode(404);
    }

    @Test
    void who_may_not_command_runs_may_not_command_many() {
        post(TestTokens.VIEWER, "/bulk", wish("hold", Map.of("text", "secret plan"), false))
                .statusCode(403);
        get("/audit?action=bulk.hold").body("items.refusal", hasItem("forbidden"));
    }

    @Test
    void other_tenants_runs_are_not_meant_and_their_commands_not_seen() {
        Journals theirs = stations.waiting("elsewhere");

        String id =
                post(
                                TestTokens.OPERATOR,
                                "/bulk",
                                wish("hold", Map.of("text", theirs.id().toString()), false))
                        .statusCode(202)
                        .body("total", equalTo(0))
                        .extract()
                        .path("id");
        awaitEnd(id);

        assertThat(asked(theirs)).isZero();
        Planes.operator(TestTokens.OUTSIDER).get(API + "/bulk/" + id).then().statusCode(404);
        post(TestTokens.OUTSIDER, "/bulk/" + id + "/abort", Map.of("reason", "x")).statusCode(404);
    }

    /// A process died after it had seen to the newest two: this one takes over.
    @Test
    void what_another_process_left_is_gone_on_with() {
        String definition = unique();
        List<Journals> made = runsOf(definition, 5);
        Bulk left = begun(definition, made.get(1).id(), 2);
        bulks.create(left, record(left)).await().indefinitely();

        awaitEnd(left.id().toString());

        get("/bulk/" + left.id()).body("done", equalTo(5)).body("accepted", equalTo(5));
        assertThat(made.subList(0, 2)).allMatch(run -> asked(run) == 0);
        assertThat(made.subList(2, 5)).allMatch(run -> asked(run) == 1);
    }

    @Test
    void an_aborted_command_stops() {
        String definition = unique();
        List<Journals> made = runsOf(definition, 3);
        Bulk bulk =
                begun(definition, made.getFirst().id(), 1)
                        .settled(Bulk.Status.ABORTED, Instant.now());
        bulks.create(bulk, record(bulk)).await().indefinitely();

        post(TestTokens.OPERATOR, "/bulk/" + bulk.id() + "/abort", Map.of("reason", "stop it"))
                .statusCode(409)
                .body("code", equalTo("already_settled"));
        get("/bulk/" + bulk.id()).body("status", equalTo("aborted")).body("done", equalTo(1));
        assertThat(made.subList(1, 3)).allMatch(run -> asked(run) == 0);
    }

    @Test
    void a_run_that_failed_before_it_changed_anything_is_tried_again_once() {
        Journals run = stations.failed();
        String path = "/runs/" + run.id() + "/retry";

        String fresh =
                post(TestTokens.OPERATOR, path, Map.of("reason", "the provider is back"))
                        .statusCode(202)
                        .body("runId", equalTo(run.id().toString()))
                        .body("action", equalTo("retry"))
                        .extract()
                        .path("newRunId");

        get("/runs/" + fresh)
                .statusCode(200)
                .body("status", equalTo("queued"))
                .body("input.amount", equalTo(120))
                .body("labels.shop", equalTo("lisbon"))
                .body("branchedFrom.runId", equalTo(run.id().toString()))
                .body("branchedFrom.seq", equalTo(1))
                .body("rootRunId", equalTo(fresh));
        post(TestTokens.OPERATOR, path, Map.of("reason", "again"))
                .statusCode(202)
                .body("newRunId", equalTo(fresh));
        get("/audit?runId=" + run.id()).body("items.action", hasItem("run.retry"));
    }

    @Test
    void a_run_that_has_changed_something_or_has_not_failed_is_not_tried_again() {
        Journals done = stations.completed();
        Journals changed = stations.cancelledAfterItsRefund();

        post(TestTokens.OPERATOR, "/runs/" + done.id() + "/retry", Map.of("reason", "x"))
                .statusCode(409)
                .body("code", equalTo("illegal_move"));
        post(TestTokens.OPERATOR, "/runs/" + changed.id() + "/retry", Map.of("reason", "x"))
                .statusCode(409)
                .body("detail", containsString(changed.call().value()));
        post(TestTokens.VIEWER, "/runs/" + changed.id() + "/retry", Map.of("reason", "x"))
                .statusCode(403);
        post(TestTokens.OPERATOR, "/runs/" + changed.id() + "/retry", Map.of()).statusCode(400);
    }

    private Bulk begun(String definition, RunId last, int done) {
        Bulk bulk =
                Bulk.of(
                        new BulkId(ids.next()),
                        actor(),
                        Bulk.Action.HOLD,
                        new RunFilter(
                                "default",
                                Set.of(),
                                Optional.of(definition),
                                Map.of(),
                                false,
                                Optional.empty(),
                                Optional.of(Instant.now()),
                                Optional.empty()),
                        "goes on",
                        Instant.now(),
                        5);
        for (int i = 0; i < done; i++) {
            bulk = bulk.after(last, Optional.empty());
        }
        return bulk;
    }

    private static Actor actor() {
        return new Actor("alice", Actor.Plane.OPERATOR, "default", Set.of("operator"));
    }

    private AuditRecord record(Bulk bulk) {
        return new AuditRecord(
                new AuditId(ids.next()),
                Instant.now(),
                actor(),
                "bulk.hold",
                Optional.empty(),
                Optional.of("bulk " + bulk.id()),
                "goes on",
                Optional.empty(),
                JsonObject.EMPTY);
    }
}
