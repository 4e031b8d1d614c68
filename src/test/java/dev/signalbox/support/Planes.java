package dev.signalbox.support;

import dev.signalbox.app.http.Listeners;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.enterprise.inject.spi.CDI;
import java.net.URI;
import org.eclipse.microprofile.config.ConfigProvider;

/// The three listeners of the application under test, as their callers see them.
public final class Planes {

    private static final String LOCAL = "http://127.0.0.1:";

    private Planes() {}

    /// The request plane, called by `caller`.
    public static RequestSpecification request(TestTokens caller) {
        return as(caller, requestUri());
    }

    /// The operator plane, called by `caller`.
    public static RequestSpecification operator(TestTokens caller) {
        return as(caller, operatorUri());
    }

    /// A plane, called by nobody in particular.
    public static RequestSpecification anonymous(URI plane) {
        return RestAssured.given().baseUri(plane.toString()).redirects().follow(false);
    }

    public static URI requestUri() {
        return URI.create(LOCAL + RestAssured.port);
    }

    public static URI operatorUri() {
        return URI.create(LOCAL + CDI.current().select(Listeners.class).get().operatorPort());
    }

    public static URI managementUri() {
        return URI.create(
                LOCAL
                        + ConfigProvider.getConfig()
                                .getValue("quarkus.management.port", Integer.class));
    }

    private static RequestSpecification as(TestTokens caller, URI plane) {
        return anonymous(plane).header("Authorization", "Bearer " + caller.token());
    }
}
