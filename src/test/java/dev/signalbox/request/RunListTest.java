package dev.signalbox.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.signalbox.support.Planes;
import dev.signalbox.support.RequestPlaneOnly;
import dev.signalbox.support.StoredRuns;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(RequestPlaneOnly.class)
class RunListTest {

    @Inject StoredRuns stored;
    private final String definition = "listed-" + UUID.randomUUID();

    @BeforeEach
    void define() {
        stored.define(definition, "{}");
    }

    @Test
    void pages_show_every_run_once_newest_first_with_its_values() {
        List<String> submitted = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            submitted.addFirst(submit("lisbon", i));
        }

        List<String> shown = new ArrayList<>();
        List<Integer> inputs = new ArrayList<>();
        String cursor = "";
        while (cursor != null) {
            ValidatableResponse page =
                    list("definition=" + definition + "&limit=2" + cursor).statusCode(200);
            shown.addAll(page.extract().path("items.id"));
            inputs.addAll(page.extract().path("items.input.n"));
            String next = page.extract().path("nextCursor");
            cursor = next == null ? null : "&cursor=" + next;
        }

        assertThat(shown).isEqualTo(submitted);
        assertThat(inputs).containsExactly(4, 3, 2, 1, 0);
    }

    @Test
    void filters_by_status_and_label_narrow_the_list() {
        String done = submit("lisbon", 1);
        submit("lisbon", 2);
        submit("porto", 3);
        stored.complete(done, "{}");

        list("definition=" + definition + "&label=shop:lisbon").body("items", hasSize(2));
        list("definition=" + definition + "&label=shop:lisbon&status=completed")
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(done))
                .body("nextCursor", nullValue());
        list("definition=" + definition + "&status=completed,queued").body("items", hasSize(3));
        list("definition=" + definition + "&status=failed&status=held").body("items", hasSize(0));
    }

    @Test
    void another_tenant_sees_nothing() {
        String id = submit("lisbon", 1);

        Planes.request(TestTokens.STRANGER)
                .get("/v1/runs?definition=" + definition)
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
        Planes.request(TestTokens.STRANGER).get("/v1/runs/{id}", id).then().statusCode(404);
        Planes.request(TestTokens.SUBMITTER).get("/v1/runs/{id}", id).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=201",
                "limit=x",
                "cursor=x",
                "cursor=0.",
                "cursor=1",
                "status=done",
                "label=shop",
                "label=:x",
                "definition=%00",
                "label=a:%00"
            })
    void a_parameter_that_is_wrong_is_refused_with_its_name(String query) {
        list(query)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("code", equalTo("invalid_request"))
                .body("field", equalTo(query.substring(0, query.indexOf('='))))
                .body("expected", not(nullValue()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "00000000-0000-0000-0000-00000000000",
                "0198c5a2-0000-7000-8000-000000000000"
            })
    void a_run_that_is_not_there_is_not_found(String id) {
        Planes.request(TestTokens.SUBMITTER)
                .get("/v1/runs/{id}", id)
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("code", equalTo("not_found"));
    }

    @Test
    void methods_and_representations_that_do_not_exist_are_problems_too() {
        Planes.request(TestTokens.SUBMITTER)
                .delete("/v1/runs")
                .then()
                .statusCode(405)
                .contentType("application/problem+json");
        Planes.request(TestTokens.SUBMITTER)
                .accept("application/xml")
                .get("/v1/runs")
                .then()
                .statusCode(406)
                .contentType("application/problem+json");
        Planes.request(TestTokens.SUBMITTER)
                .get("/v1/nothing")
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void callers_without_a_token_or_a_role_get_in_nowhere() {
        Planes.anonymous(Planes.requestUri())
                .get("/v1/runs")
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
        Planes.request(TestTokens.IDLER)
                .get("/v1/runs")
                .then()
                .statusCode(403)
                .contentType("application/problem+json");
        Planes.request(TestTokens.OPERATOR).get("/v1/runs").then().statusCode(401);
    }

    private String submit(String shop, int n) {
        return Planes.request(TestTokens.SUBMITTER)
                .contentType("application/json")
                .body(
                        "{\"definition\": \"%s\", \"input\": {\"n\": %d}, \"labels\": {\"shop\": \"%s\"}}"
                                .formatted(definition, n, shop))
                .post("/v1/runs")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    private static ValidatableResponse list(String query) {
        return Planes.request(TestTokens.SUBMITTER)
                .urlEncodingEnabled(false)
                .get("/v1/runs?" + query)
                .then();
    }
}
