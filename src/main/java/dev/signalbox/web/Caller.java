package dev.signalbox.web;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Who makes the current call, as authentication knows them.
@RequestScoped
public class Caller {

    private final SecurityIdentity identity;

    Caller(SecurityIdentity identity) {
        this.identity = identity;
    }

    /// The caller.
    ///
    /// Fails with `unauthenticated` for an anonymous call, and with `forbidden` for an identity
    /// that names no tenant or plane: there is no default tenant to fall into.
    public Actor actor() {
        if (identity.isAnonymous()) {
            throw ProblemException.of(ProblemCode.UNAUTHENTICATED, "a bearer token is needed");
        }
        return new Actor(identity.getPrincipal().getName(), plane(), tenant(), roles());
    }

    public String tenant() {
        return attribute("tenant")
                .map(String::valueOf)
                .orElseThrow(() -> ProblemException.of(ProblemCode.FORBIDDEN, "no tenant"));
    }

    private Actor.Plane plane() {
        return attribute("plane")
                .map(plane -> Actor.Plane.valueOf(String.valueOf(plane).toUpperCase(Locale.ROOT)))
                .orElseThrow(() -> ProblemException.of(ProblemCode.FORBIDDEN, "no plane"));
    }

    private Set<String> roles() {
        return attribute("roles").stream()
                .flatMap(roles -> roles instanceof Collection<?> names ? names.stream() : null)
                .map(String::valueOf)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Optional<Object> attribute(String name) {
        @Nullable Object value = identity.getAttribute(name);
        return Optional.ofNullable(value);
    }
}
