package dev.signalbox.runtime.tool;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.runtime.http.EgressRefused;
import dev.signalbox.domain.json.KnownSecrets;
import dev.signalbox.runtime.tool.Exchange.Head;
import dev.signalbox.runtime.tool.ToolOutcome.Failed;
import dev.signalbox.runtime.tool.ToolOutcome.Succeeded;
import dev.signalbox.runtime.tool.ToolOutcome.TryAgain;
import dev.signalbox.runtime.tool.ToolOutcome.Unknown;
import dev.signalbox.wire.JsonCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an ending of an HTTP exchange says about the call.
///
/// - 2xx: succeeded. JSON stays as it is, anything else becomes `{"text": …}`. With more than
///   [#MOST_BYTES], a read failed (`result_too_large`), and a write, which did happen, succeeded
///   with `{"truncated": true}`.
/// - 3xx: failed, `redirect_refused`. Unknown for 302 and 303 after a write, as web applications
///   answer a write that was done like that.
/// - 408, 429, and 503 with `Retry-After`: try again.
/// - Other 4xx: failed, `http_<status>`, with the body.
/// - Other 5xx: unknown, `http_<status>`.
/// - Not let out by the host: failed, `egress_refused`.
/// - No connection: try again, `unreachable`.
/// - Connected too late to be sent: try again, `not_sent`.
/// - Connection lost, or no complete answer in time: what the status says if it came and is not
///   2xx, else unknown.
///
/// @param writes whether the tool changes anything
/// @param retryAfter reads `Retry-After`
record Answers(
        boolean writes,
        KnownSecrets redaction,
        Function<Optional<String>, Optional<Duration>> retryAfter) {

    /// Largest answer that becomes a result.
    static final int MOST_BYTES = 1 << 20;

    /// The host does not let calls of that server out.
    static final String EGRESS_REFUSED = "egress_refused";

    private static final JsonObject TRUNCATED =
            new JsonObject(Map.of("truncated", new JsonBool(true)));
    private static final Pattern CHARSET =
            Pattern.compile("charset=\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

    ToolOutcome complete(Head head, Buffer body) {
        return of(head, redaction.json(parsed(head, body)));
    }

    ToolOutcome tooLarge(Head head) {
        if (!isSuccess(head.status())) {
            return of(head, TRUNCATED);
        }
        return writes
                ? new Succeeded(TRUNCATED)
                : new Failed(
                        "result_too_large",
                        "the answer is larger than " + MOST_BYTES + " bytes",
                        JsonNull.NULL);
    }

    ToolOutcome notConnected(RequestOptions options, Throwable failure) {
        if (failure instanceof EgressRefused refused) {
            return new Failed(EGRESS_REFUSED, redaction.text(refused.detail()), JsonNull.NULL);
        }
        String server = options.getHost() + ":" + options.getPort();
        return unreachable(
                "no connection to " + server + " (" + failure.getClass().getSimpleName() + ")");
    }

    ToolOutcome notConnectedInTime(Duration timeout) {
        return unreachable("no connection within " + timeout);
    }

    ToolOutcome tooLate() {
        return new TryAgain(
                "not_sent",
                "this worker stood still for too long to send the call",
                Optional.empty());
    }

    ToolOutcome notInTime(Optional<Head> head, Duration timeout) {
        return incomplete(head, "timeout", "sent, but no complete answer within " + timeout);
    }

    ToolOutcome broken(Optional<Head> head) {
        return incomplete(
                head,
                "connection_lost",
                "sent, but the connection broke before the answer was complete");
    }

    private ToolOutcome incomplete(Optional<Head> head, String code, String detail) {
        return head.filter(known -> !isSuccess(known.status()))
                .map(known -> of(known, JsonNull.NULL))
                .orElseGet(() -> new Unknown(code, detail));
    }

    private ToolOutcome unreachable(String detail) {
        return new TryAgain("unreachable", redaction.text(detail), Optional.empty());
    }

    private ToolOutcome of(Head head, Json body) {
        int status = head.status();
        String code = "http_" + status;
        String detail = "the server answered " + status;
        if (isSuccess(status)) {
            return new Succeeded(body);
        }
        if (status < 400) {
            return redirect(status, body);
        }
        Optional<Duration> after = retryAfter.apply(head.retryAfter());
        if (status == 408 || status == 429 || (status == 503 && after.isPresent())) {
            return new TryAgain(code, detail, after);
        }
        return status < 500 ? new Failed(code, detail, body) : new Unknown(code, detail);
    }

    private ToolOutcome redirect(int status, Json body) {
        String detail = "the server answered " + status + ", and redirects are not followed";
        return writes && (status == 302 || status == 303)
                ? new Unknown("redirect_refused", detail)
                : new Failed("redirect_refused", detail, body);
    }

    private static boolean isSuccess(int status) {
        return status >= 200 && status < 300;
    }

    private static Json parsed(Head head, Buffer body) {
        if (body.length() == 0) {
            return JsonNull.NULL;
        }
        String text = body.toString(charset(head));
        try {
            return JsonCodec.parse(text);
        } catch (ProblemException _) {
            return new JsonObject(Map.of("text", Json.text(text)));
        }
    }

    private static Charset charset(Head head) {
        Matcher named = CHARSET.matcher(head.contentType().orElse(""));
        if (!named.find()) {
            return StandardCharsets.UTF_8;
        }
        try {
            return Charset.forName(named.group(1));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException _) {
            return StandardCharsets.UTF_8;
        }
    }
}
