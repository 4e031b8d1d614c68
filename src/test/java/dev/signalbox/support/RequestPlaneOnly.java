package dev.signalbox.support;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/// An application that takes requests and works on nothing: runs stay where a test puts them.
public final class RequestPlaneOnly implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("signalbox.roles", "request,operator");
    }
}
