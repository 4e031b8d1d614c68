package dev.signalbox.app.auth;

import dev.signalbox.domain.audit.Actor.Plane;
import java.util.List;

/// Somebody who may come in.
///
/// @param sha256 SHA-256 of the token, 64 lower-case hexadecimal digits
record KnownCaller(String name, String sha256, Plane plane, List<String> roles, String tenant) {

    KnownCaller {
        roles = List.copyOf(roles);
    }
}
