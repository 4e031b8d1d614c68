package dev.signalbox.domain.audit;

import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/// One thing that somebody commanded, allowed or refused.
///
/// @param action such as `run.hold` or `approval.approve`
/// @param target what it was done to, when that is not the run
/// @param reason in the words of who commanded
/// @param refusal the problem's code, if it was refused
/// @param detail further facts; never secrets, never payloads
public record AuditRecord(
        AuditId id,
        Instant at,
        Actor actor,
        String action,
        Optional<RunId> runId,
        Optional<String> target,
        String reason,
        Optional<String> refusal,
        JsonObject detail) {}
