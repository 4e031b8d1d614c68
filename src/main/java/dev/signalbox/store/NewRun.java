package dev.signalbox.store;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent.RunSubmitted;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.wire.EventCodec;
import java.util.Map;
import java.util.Optional;

/// A run that is about to be: its row, its first event, its input.
///
/// @param key the client's idempotency key, if there is one
public record NewRun(
        RunSummary summary,
        JournalEntry submitted,
        Map<Digest, Json> payloads,
        Optional<IdempotencyKey> key) {

    /// A client's name for its own request.
    ///
    /// @param tenant keys of different tenants never meet
    /// @param request digest of the whole request: the same key with another request is a conflict
    public record IdempotencyKey(String tenant, String key, Digest request) {}

    public NewRun {
        payloads = Map.copyOf(payloads);
    }

    public static NewRun of(RunIdentity identity, Json input, Optional<IdempotencyKey> key) {
        return of(new RunSubmitted(identity), input, key);
    }

    /// A run for another.
    ///
    /// @param budget what it may use of the other's
    public static NewRun child(RunIdentity identity, Json input, Budget budget) {
        return of(new RunSubmitted(identity, Optional.of(budget)), input, Optional.empty());
    }

    private static NewRun of(RunSubmitted event, Json input, Optional<IdempotencyKey> key) {
        RunIdentity identity = event.identity();
        JournalEntry entry =
                EventCodec.link(
                        identity.id(), 1, identity.createdAt(), event, JournalEntry.GENESIS);
        RunSummary summary = RunSummary.of(RunFold.begin(EventCodec.placed(entry)), entry);
        return new NewRun(summary, entry, Map.of(input.digest(), input), key);
    }
}
