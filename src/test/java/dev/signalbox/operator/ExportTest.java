package dev.signalbox.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.signalbox.domain.bundle.BundleReport;
import dev.signalbox.domain.bundle.BundleReport.Code;
import dev.signalbox.domain.bundle.BundleReport.Finding;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.support.Journals;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import dev.signalbox.wire.BundleCodec;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A bundle says what happened, and what was done to it since.
@QuarkusTest
@TestProfile(AloneProfile.class)
class ExportTest {

    @Inject Stations stations;

    private static ValidatableResponse export(TestTokens caller, String run) {
        return Planes.operator(caller).get("/operator/v1/runs/" + run).then();
    }

    private String bundle() {
        return export(TestTokens.OPERATOR, stations.completed().id() + "/export")
                .statusCode(200)
                .contentType(ContentType.JSON)
                .extract()
                .asString();
    }

    private static String event(String bundle, int seq) {
        return bundle.lines()
                .filter(
                        line ->
                                line.contains("\"prevHash\"")
                                        && line.contains("\"seq\":" + seq + ","))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_bundle_is_whole_and_has_everything() {
        Journals run = stations.waiting();

        String bundle =
                export(TestTokens.OPERATOR, run.id() + "/export")
                        .statusCode(200)
                        .header(
                                "Content-Disposition",
                                equalTo(
                                        "attachment; filename=\"signalbox-run-"
                                                + run.id()
                                                + ".json\""))
                        .body("schemaVersion", equalTo(1))
                        .body("runs.identity.id", hasItem(run.id().toString()))
                        .body("events.size()", equalTo(run.history().size()))
                        .body("definitions.name", hasItem("refund-agent"))
                        .body("approvals.tool", hasItem("payments.refund"))
                        .body("chainHeads[0].seq", equalTo(run.history().size()))
                        .extract()
                        .asString();

        BundleReport report = BundleCodec.check(bundle);
        assertThat(report.findings()).isEmpty();
        assertThat(report.valid()).isTrue();
        assertThat(report.counts()).containsEntry("payloads", run.payloads().size());
    }

    @Test
    void a_removed_event_is_named() {
        String bundle = bundle();

        BundleReport report = BundleCodec.check(bundle.replace(event(bundle, 5) + "\n", ""));

        assertThat(report.findings()).extracting(Finding::code).contains(Code.EVENT_MISSING);
        assertThat(report.findings().getFirst().seq()).contains(5L);
        assertThat(report.findings().getFirst().detail()).startsWith("Event 5 of run ");
    }

    @Test
    void a_changed_event_is_named() {
        String bundle = bundle();
        String event = event(bundle, 2);

        BundleReport report =
                BundleCodec.check(bundle.replace(event, event.replace("worker-1", "worker-2")));

        assertThat(report.findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.code()).isEqualTo(Code.EVENT_CHANGED);
                            assertThat(finding.seq()).contains(2L);
                        });
    }

    @Test
    void a_removed_last_event_is_named() {
        String bundle = bundle();
        int last = (int) Pattern.compile("\"prevHash\"").matcher(bundle).results().count();

        BundleReport report = BundleCodec.check(bundle.replace(",\n" + event(bundle, last), ""));

        assertThat(report.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.seq()).contains((long) last));
    }

    @Test
    void an_erased_payload_is_named() {
        String bundle = bundle();
        Matcher payload =
                Pattern.compile(
                                "\\{\"digest\":\"(sha256:[0-9a-f]+)\",\"runId\":\"[^\"]+\","
                                        + "\"state\":\"whole\",\"value\":[^\n]*\\},?\n")
                        .matcher(bundle);
        assertThat(payload.find()).isTrue();

        BundleReport report = BundleCodec.check(bundle.replace(payload.group(), ""));

        assertThat(report.findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.code()).isEqualTo(Code.PAYLOAD_MISSING);
                            assertThat(finding.item()).isEqualTo(Optional.of(payload.group(1)));
                        });
    }

    @Test
    void a_payload_that_is_said_to_be_erased_but_was_not_at_the_export_is_named() {
        String bundle = bundle();
        Matcher payload =
                Pattern.compile("\"state\":\"whole\",\"value\":[^\n]*?\\}(,?\n)").matcher(bundle);
        assertThat(payload.find()).isTrue();

        BundleReport report =
                BundleCodec.check(
                        bundle.replace(
                                payload.group(), "\"state\":\"erased\"}" + payload.group(1)));

        assertThat(report.findings())
                .extracting(Finding::code)
                .containsExactly(Code.PAYLOAD_MISSING);
    }

    /// Whatever byte changes: either the bundle is found broken, or it says the same as before.
    @Test
    void no_changed_byte_goes_unnoticed() {
        String bundle = bundle();
        String content = JsonCodec.parseObject(bundle).canonical();

        List<Integer> unnoticed =
                IntStream.iterate(0, at -> at < bundle.length(), at -> at + 13)
                        .filter(at -> BundleCodec.check(changed(bundle, at)).valid())
                        .filter(at -> !content.equals(canonical(changed(bundle, at))))
                        .boxed()
                        .toList();

        assertThat(unnoticed).isEmpty();
    }

    private static String changed(String bundle, int at) {
        return bundle.substring(0, at) + (char) (bundle.charAt(at) ^ 1) + bundle.substring(at + 1);
    }

    private static String canonical(String text) {
        try {
            return JsonCodec.parseObject(text).canonical();
        } catch (ProblemException _) {
            return "";
        }
    }

    @Test
    void values_are_redacted_unless_an_auditor_wants_them() {
        String run = stations.hostile().id().toString();

        String redacted =
                export(TestTokens.VIEWER, run + "/export").statusCode(200).extract().asString();
        String whole =
                export(TestTokens.OPERATOR, run + "/export?payloads=true")
                        .statusCode(200)
                        .extract()
                        .asString();
        export(TestTokens.VIEWER, run + "/export?payloads=true")
                .statusCode(403)
                .body("code", equalTo("forbidden"));

        assertThat(redacted).doesNotContain("sk-very-secret").contains("\"auditIncluded\":false");
        assertThat(whole).contains("sk-very-secret");
        assertThat(BundleCodec.check(redacted).findings()).isEmpty();
        assertThat(BundleCodec.check(whole).findings()).isEmpty();
        Planes.operator(TestTokens.OPERATOR)
                .get("/operator/v1/audit?action=run.export&runId=" + run)
                .then()
                .body("items.refused", equalTo(List.of(true, false)));
    }

    @Test
    void a_bundle_ends_at_the_checkpoint() {
        String run = stations.completed().id().toString();

        String bundle =
                export(TestTokens.VIEWER, run + "/export?checkpoint=4")
                        .statusCode(200)
                        .body("events.size()", equalTo(4))
                        .body("checkpoint", equalTo(4))
                        .extract()
                        .asString();

        assertThat(BundleCodec.check(bundle).findings()).isEmpty();
        export(TestTokens.VIEWER, run + "/export?checkpoint=4000").statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..%2f..%2fetc%2fpasswd", "%22%3b", "0190a3c4-0000-7000-8000-000000000001"})
    void what_is_no_run_has_no_bundle(String id) {
        export(TestTokens.OPERATOR, id + "/export").statusCode(404);
    }

    @Test
    void runs_of_others_have_no_bundle() {
        export(TestTokens.OUTSIDER, stations.completed().id() + "/export").statusCode(404);
    }

    @Test
    void a_bundle_is_checked_by_the_service_too() {
        String bundle = bundle();

        Planes.operator(TestTokens.VIEWER)
                .contentType(ContentType.JSON)
                .body(bundle.replace("A-120", "A-121"))
                .post("/operator/v1/bundles/verify")
                .then()
                .statusCode(200)
                .body("valid", equalTo(false))
                .body("findings.code", hasItem("payload_changed"));
    }
}
