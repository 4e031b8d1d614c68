package dev.signalbox.domain.policy;

/// What a policy says of one call.
public enum Verdict {
    ALLOW,
    DENY,
    REQUIRE_APPROVAL
}
