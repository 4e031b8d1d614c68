package dev.signalbox.operator;

import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A process that has the role `operator` and no other.
@QuarkusTest
@TestProfile(AloneProfile.class)
class OperatorAloneTest {

    @ParameterizedTest
    @ValueSource(strings = {"/v1/runs", "/openapi", "/a2a", "/operator/v1/runs", "/"})
    void nothingOfTheRequestPlaneExists(String path) {
        Planes.request(TestTokens.SUBMITTER)
                .get(path)
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    void itsOwnPlaneIsServed() {
        Planes.operator(TestTokens.VIEWER).get("/operator/v1/runs").then().statusCode(200);
    }
}
