package dev.signalbox.runtime.model.exchange;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.json.KnownSecrets;
import dev.signalbox.runtime.http.RetryAfter;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// What an answer's status, and what it says itself, mean for the run.
///
/// A detail quotes at most the server's own error message, shortened and without the key.
record StatusEndings(Dialect dialect, KnownSecrets redaction, InstantSource clock) {

    private static final int LONGEST_QUOTE = 300;

    /// The ending of an answer with a status other than 2xx.
    ModelReply of(int status, Optional<String> retryAfter, String body) {
        Complaint complaint = object(body).map(dialect::complaint).orElse(Complaint.NONE);
        Optional<Duration> wait =
                retryAfter
                        .flatMap(header -> RetryAfter.parse(header, clock.instant()))
                        .or(complaint::retryAfter);
        String detail = "the model's server answered " + status + quote(complaint.message());
        Optional<String> lasting = dialect.lasting(status, complaint);
        if (lasting.isPresent()) {
            return new Refused(lasting.get(), detail);
        }
        return switch (status) {
            case 408 -> new TryAgain("timeout", detail, wait);
            case 429 -> new TryAgain("rate_limited", detail, wait);
            case 401 -> new Refused("unauthenticated", detail);
            case 403 -> new Refused("forbidden", detail);
            case 404 -> new Refused("model_not_found", detail);
            default ->
                    status >= 500
                            ? new TryAgain("provider_error", detail, wait)
                            : new Refused("provider_refused", detail);
        };
    }

    /// How an answer of 2xx ends the call before anybody reads it.
    Optional<ModelReply> objection(String body) {
        return object(body).flatMap(dialect::objection);
    }

    /// How one part of a streamed answer ends the call. What is no object says nothing.
    Optional<ModelReply> midway(String part) {
        return object(part)
                .flatMap(
                        body ->
                                body.get("error") == null
                                        ? dialect.objection(body)
                                        : Optional.of(brokenOff(body)));
    }

    private ModelReply brokenOff(JsonObject body) {
        Complaint complaint = dialect.complaint(body);
        return new TryAgain(
                "provider_error",
                "the model's server broke its answer off" + quote(complaint.message()),
                complaint.retryAfter());
    }

    private String quote(String words) {
        String message = redaction.text(words).strip();
        if (message.isEmpty()) {
            return "";
        }
        return message.length() <= LONGEST_QUOTE
                ? ": " + message
                : ": " + message.substring(0, LONGEST_QUOTE) + "…";
    }

    private static Optional<JsonObject> object(String body) {
        try {
            return JsonCodec.parse(body) instanceof JsonObject object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }
}
