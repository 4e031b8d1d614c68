package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Definitions on the operator plane.
@QuarkusTest
@TestProfile(AloneProfile.class)
class DefinitionsTest {

    private static final String PATH = "/operator/v1/definitions";

    @Inject DefinitionStore store;
    @Inject Stations stations;

    private static String agent(String name, String version, String instructions) {
        return """
        kind: agent
        name: %s
        version: %s
        model: {provider: scripted, name: script}
        instructions: %s
        policy: %s-policy
        script: [{text: '{"ok": true}'}]
        ---
        kind: policy
        name: %s-policy
        default: deny
        """
                .formatted(name, version, instructions, name, name);
    }

    private static ValidatableResponse post(
            TestTokens caller, String query, Object documents, String reason) {
        return Planes.operator(caller)
                .contentType(ContentType.JSON)
                .body(Map.of("documents", documents, "reason", reason))
                .post(PATH + query)
                .then();
    }

    private static ValidatableResponse apply(String documents) {
        return post(TestTokens.OPERATOR, "", documents, "the test says so");
    }

    private static ValidatableResponse get(String path) {
        return Planes.operator(TestTokens.VIEWER).get(PATH + path).then();
    }

    private static List<String> audited() {
        return Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/audit?action=definition.apply&limit=200")
                .then()
                .statusCode(200)
                .extract()
                .path("items.collect { it.reason + (it.refused ? ' ' + it.refusal : '') }");
    }

    @Test
    void an_applied_definition_is_what_its_name_means_at_once() {
        apply(agent("applied-one", "1.0.0", "Be brief."))
                .statusCode(200)
                .body("dryRun", equalTo(false))
                .body("definitions[0].change", equalTo("new"))
                .body("definitions[0].definition.name", equalTo("applied-one"))
                .body("definitions[0].definition.digest", startsWith("sha256:"));
        apply(agent("applied-one", "1.1.0", "Be long.")).statusCode(200);

        Optional<DefinitionRef> meant =
                store.resolve("applied-one", Optional.empty())
                        .await()
                        .indefinitely()
                        .map(DefinitionStore.StoredDefinition::ref);

        assertThat(meant.map(DefinitionRef::version)).contains("1.1.0");
        get("?limit=200")
                .statusCode(200)
                .body(
                        "items.findAll { it.name == 'applied-one' }.version",
                        contains("1.0.0", "1.1.0"));
        get("/applied-one?version=1.0.0")
                .statusCode(200)
                .body("bundle.agent.instructions", equalTo("Be brief."))
                .body("appliedAt", notNullValue());
        get("/nobody").statusCode(404);
    }

    @Test
    void a_version_never_changes() {
        String first = agent("fixed", "1.0.0", "One.");
        apply(first).statusCode(200);

        apply(first).statusCode(200).body("definitions[0].change", equalTo("unchanged"));
        apply(agent("fixed", "1.0.0", "Another."))
                .statusCode(409)
                .body("code", equalTo("version_taken"))
                .body("detail", containsString("fixed 1.0.0"));
        get("/fixed").body("bundle.agent.instructions", equalTo("One."));
    }

    @Test
    void a_dry_run_says_what_would_happen_and_changes_nothing() {
        int records = audited().size();

        post(TestTokens.VIEWER, "?dryRun=true", agent("dry", "1.0.0", "x"), "-")
                .statusCode(200)
                .body("dryRun", equalTo(true))
                .body("definitions[0].change", equalTo("new"));

        get("/dry").statusCode(404);
        assertThat(audited()).hasSize(records);
    }

    @Test
    void what_is_wrong_is_said_with_file_and_line_and_nothing_of_it_is_applied() {
        Map<String, String> documents =
                Map.of(
                        "good.yaml",
                        agent("half", "1.0.0", "x"),
                        "bad.yaml",
                        "kind: policy\nname: p\ndefualt: deny\n");

        post(TestTokens.OPERATOR, "", documents, "both of them")
                .statusCode(400)
                .body("code", equalTo("invalid_definition"))
                .body("violations.field", hasItem("bad.yaml:3"));

        get("/half").statusCode(404);
        assertThat(audited()).contains("both of them invalid_definition");
    }

    @Test
    void who_may_not_is_refused_and_recorded() {
        post(TestTokens.VIEWER, "", agent("not-mine", "1.0.0", "x"), "let me try").statusCode(403);
        post(TestTokens.OPERATOR, "", agent("not-mine", "1.0.0", "x"), "  ").statusCode(400);

        get("/not-mine").statusCode(404);
        assertThat(audited()).contains("let me try forbidden");
    }

    @Test
    void what_is_no_set_of_documents_is_refused() {
        for (Object wrong : List.of(1, Map.of(), List.of("x"), Map.of("a", 1))) {
            post(TestTokens.OPERATOR, "", wrong, "x")
                    .statusCode(400)
                    .body("field", equalTo("documents"));
        }
        post(TestTokens.OPERATOR, "", "kind: policy\nname: alone\ndefault: deny\n", "x")
                .statusCode(400)
                .body("expected", equalTo("an agent or a workflow"));
        get("?cursor=x").statusCode(400);
        get("?limit=1").body("items", hasSize(1));
    }

    @Test
    void a_run_keeps_what_it_pinned() {
        Journals run = stations.waiting();
        String path = "/operator/v1/runs/" + run.id();
        String digest =
                Planes.operator(TestTokens.VIEWER).get(path).path("definitionDigest").toString();

        apply(agent("kept-agent", "99.0.0", "Everything is other now.")).statusCode(200);

        assertThat(Planes.operator(TestTokens.VIEWER).get(path).path("definitionDigest").toString())
                .isEqualTo(digest);
    }
}
