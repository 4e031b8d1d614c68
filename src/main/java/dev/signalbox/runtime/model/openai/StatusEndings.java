package dev.signalbox.runtime.model.openai;

import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.runtime.http.Redaction;
import dev.signalbox.runtime.http.RetryAfter;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelReply.Refused;
import dev.signalbox.runtime.model.ModelReply.TryAgain;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// What a status other than 2xx means for the run.
///
/// A detail quotes at most the server's own error message, shortened and without the key.
record StatusEndings(Redaction redaction, InstantSource clock) {

    private static final int LONGEST_QUOTE = 300;

    ModelReply of(int status, Optional<String> retryAfter, String body) {
        Optional<Duration> wait =
                retryAfter.flatMap(header -> RetryAfter.parse(header, clock.instant()));
        String detail = "the model's server answered " + status + quote(body);
        return switch (status) {
            case 408 -> new TryAgain("timeout", detail, wait);
            case 429 -> limited(body, detail, wait);
            case 401 -> new Refused("unauthenticated", detail);
            case 403 -> new Refused("forbidden", detail);
            case 404 -> new Refused("model_not_found", detail);
            default ->
                    status >= 500
                            ? new TryAgain("provider_error", detail, wait)
                            : new Refused(refusal(body), detail);
        };
    }

    /// An exhausted account answers 429 as well, but no wait will help it.
    private static ModelReply limited(String body, String detail, Optional<Duration> wait) {
        return member(body, "code").equals("insufficient_quota")
                ? new Refused("quota_exhausted", detail)
                : new TryAgain("rate_limited", detail, wait);
    }

    private static String refusal(String body) {
        return switch (member(body, "code")) {
            case "content_filter", "content_policy_violation" -> "content_filtered";
            case "context_length_exceeded" -> "context_too_long";
            default -> "provider_refused";
        };
    }

    private String quote(String body) {
        String message = redaction.text(member(body, "message")).strip();
        if (message.isEmpty()) {
            return "";
        }
        return message.length() <= LONGEST_QUOTE
                ? ": " + message
                : ": " + message.substring(0, LONGEST_QUOTE) + "…";
    }

    /// A text member of the answer's `error` object, or nothing.
    private static String member(String body, String name) {
        try {
            if (JsonCodec.parse(body) instanceof JsonObject answer
                    && answer.get("error") instanceof JsonObject error
                    && error.get(name) instanceof JsonText(String text)) {
                return text;
            }
            return "";
        } catch (ProblemException _) {
            return "";
        }
    }
}
