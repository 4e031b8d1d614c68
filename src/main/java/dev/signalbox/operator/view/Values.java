package dev.signalbox.operator.view;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Redactor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The values that a run's journal names by digest, as far as one caller may see them.
///
/// @param byDigest what is still there; an erased value is missing
public record Values(Map<Digest, Json> byDigest) {

    public Values {
        byDigest = Map.copyOf(byDigest);
    }

    /// Everything as it is: for those who may see secrets.
    public static Values open(Map<Digest, Json> payloads) {
        return new Values(payloads);
    }

    /// Without what looks like a secret.
    public static Values redacted(Map<Digest, Json> payloads, Redactor redactor) {
        Map<Digest, Json> shown = new LinkedHashMap<>();
        payloads.forEach((digest, value) -> shown.put(digest, redactor.redact(value)));
        return new Values(shown);
    }

    /// The value; empty if it was erased.
    public Optional<Json> get(Digest digest) {
        return Optional.ofNullable(byDigest.get(digest));
    }
}
