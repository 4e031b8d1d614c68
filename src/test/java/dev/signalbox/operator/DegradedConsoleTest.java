package dev.signalbox.operator;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.RunStore;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The database is away: what the operator plane says then.
@QuarkusTest
@TestProfile(AloneProfile.class)
class DegradedConsoleTest {

    @BeforeEach
    void theStoreDoesNotAnswer() {
        QuarkusMock.installMockForType(away(RunStore.class), RunStore.class);
        QuarkusMock.installMockForType(away(ApprovalInbox.class), ApprovalInbox.class);
    }

    private static <T> T away(Class<T> store) {
        return store.cast(
                Proxy.newProxyInstance(
                        store.getClassLoader(),
                        new Class<?>[] {store},
                        (_, _, _) ->
                                Uni.createFrom()
                                        .failure(
                                                ProblemException.of(
                                                        ProblemCode.UNAVAILABLE,
                                                        "The database cannot be reached."))));
    }

    @Test
    void a_page_says_what_does_not_work_and_what_does() {
        Planes.operator(TestTokens.VIEWER)
                .get("/console/runs")
                .then()
                .statusCode(503)
                .contentType("text/html")
                .body(containsString("The store does not answer"))
                .body(containsString("Still working"));
    }

    @Test
    void a_page_that_is_open_already_is_told() {
        Planes.operator(TestTokens.VIEWER)
                .get("/console/news?since=2026-01-01T00:00:00Z")
                .then()
                .statusCode(200)
                .body(containsString("The store has not answered since"));
    }

    @Test
    void programs_are_told_to_come_back() {
        Planes.operator(TestTokens.VIEWER)
                .get("/operator/v1/runs")
                .then()
                .statusCode(503)
                .header("Retry-After", "2")
                .body("code", equalTo("unavailable"));
    }
}
