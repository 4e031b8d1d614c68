package dev.signalbox.domain.retention;

import dev.signalbox.domain.run.RunStatus;
import java.time.Duration;
import java.util.Optional;

/// How long trees are kept whose root is a run of that definition and ended so.
///
/// @param period from the end of the root on
/// @param version of the definition that says so; empty if the host does
public record RetentionRule(
        String definition, RunStatus status, Duration period, Optional<String> version) {}
