package dev.signalbox.domain.audit;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/// Who does something: a caller as one of the planes knows it, or the runtime itself.
///
/// @param roles the bare names of the caller's roles
public record Actor(String name, Plane plane, String tenant, Set<String> roles) {

    /// Through which door somebody came.
    public enum Plane {
        REQUEST,
        OPERATOR,
        RUNTIME
    }

    public Actor {
        roles = Collections.unmodifiableSet(new TreeSet<>(roles));
    }

    /// Whether `approver`, `role:NAME` or `user:NAME`, means this actor.
    public boolean is(String approver) {
        return approver.equals("user:" + name)
                || (approver.startsWith("role:")
                        && roles.contains(approver.substring("role:".length())));
    }
}
