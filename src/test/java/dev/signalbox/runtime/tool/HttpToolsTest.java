package dev.signalbox.runtime.tool;

import static dev.signalbox.support.SampleAgents.read;
import static dev.signalbox.support.SampleAgents.withAuth;
import static dev.signalbox.support.SampleAgents.withTimeout;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.HttpCall.Placement;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.http.Egress;
import dev.signalbox.runtime.http.EgressRules;
import dev.signalbox.runtime.tool.ToolOutcome.Failed;
import dev.signalbox.runtime.tool.ToolOutcome.Succeeded;
import dev.signalbox.runtime.tool.ToolOutcome.TryAgain;
import dev.signalbox.runtime.tool.ToolOutcome.Unknown;
import dev.signalbox.support.RawServer;
import dev.signalbox.support.SampleAgents;
import dev.signalbox.wire.JsonCodec;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Scope;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpToolsTest {

    private static final String SECRET = "s3cr3t/+=value";
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    private static final Duration SHORT = Duration.ofMillis(400);
    private static Vertx vertx;

    private final Map<String, String> configuration = new HashMap<>();
    private RawServer server;
    private Egress egress =
            new Egress(
                    EgressRules.of(Optional.empty(), List.of("127.0.0.1")), Egress.resolver(vertx));

    @BeforeAll
    static void startVertx() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stopVertx() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void readGoesOutWithItsArgumentsInPathAndQuery() throws Exception {
        server = RawServer.status(200, "", "{\"total\": 20.0}");
        configuration.put("ORDERS_URL", server.url());
        ToolDefinition tool = read("orders.lookup", "${ORDERS_URL}/orders/{orderId}?v=1");

        ToolOutcome outcome =
                call(
                        tool,
                        """
                        {"orderId": "A/1 ü?", "tags": ["a&b", "c"], "deep": null, "limit": 100}
                        """);

        assertThat(outcome).isEqualTo(new Succeeded(Json.of(Map.of("total", 20))));
        assertThat(server.requests().getFirst())
                .startsWith(
                        "GET /orders/A%2F1%20%C3%BC%3F?v=1&tags=a%26b&tags=c&limit=100 HTTP/1.1")
                .contains("Idempotency-Key: run-t1");
    }

    @Test
    void writeGoesOutWithTheRestOfItsArgumentsAsJson() throws Exception {
        server = RawServer.status(200, "", "{}");
        ToolDefinition tool =
                SampleAgents.tool(
                        "orders.note",
                        "{}",
                        SideEffect.EXTERNAL_WRITE,
                        Idempotency.NATURAL,
                        Method.PUT,
                        server.url() + "/orders/{orderId}/note");

        call(tool, "{\"orderId\": \"A-1\", \"text\": \"hé\", \"old\": null}");

        assertThat(server.requests().getFirst())
                .startsWith("PUT /orders/A-1/note HTTP/1.1")
                .contains("Content-Type: application/json")
                .endsWith("\r\n\r\n{\"old\":null,\"text\":\"hé\"}");
    }

    @Test
    void argumentsGoWhereTheDocumentPutsThem() throws Exception {
        server = RawServer.status(200, "", "{}");
        ToolDefinition tool =
                placed(
                        new Placement(
                                List.of("dry"), Map.of("region", "X-Region"), Optional.of("b")));

        call(tool, "{\"dry\": true, \"region\": \"eu\", \"b\": [1, 2]}");

        assertThat(server.requests().getFirst())
                .startsWith("POST /pay?dry=true HTTP/1.1")
                .contains("X-Region: eu\r\n")
                .endsWith("\r\n\r\n[1,2]");
    }

    @Test
    void argumentsThatAreLeftOutLeaveNothingBehind() throws Exception {
        server = RawServer.status(200, "", "{}");
        ToolDefinition tool =
                placed(
                        new Placement(
                                List.of("dry"), Map.of("region", "X-Region"), Optional.of("b")));

        call(tool, "{}");

        assertThat(server.requests().getFirst())
                .startsWith("POST /pay HTTP/1.1")
                .doesNotContain("X-Region", "Content-Type");
    }

    @Test
    void argumentCannotAddALineToTheHeaders() throws Exception {
        server = RawServer.status(200, "", "{}");
        ToolDefinition tool =
                placed(new Placement(List.of(), Map.of("region", "X-Region"), Optional.empty()));

        ToolOutcome outcome = call(tool, "{\"region\": \"eu\\r\\nX-Evil: 1\"}");

        assertThat(((Failed) outcome).code()).isEqualTo("invalid_argument");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void answerThatIsNotJsonIsWrapped() throws Exception {
        server = RawServer.status(200, "Content-Type: text/plain; charset=iso-8859-1\r\n", "done");

        assertThat(call(get())).isEqualTo(new Succeeded(Json.of(Map.of("text", "done"))));
    }

    @Test
    void emptyAnswerIsNull() throws Exception {
        server = RawServer.status(204, "", "");

        assertThat(call(get())).isEqualTo(new Succeeded(JsonNull.NULL));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 422, 451})
    void clientErrorFailsWithWhatTheServerSaid(int status) throws Exception {
        server = RawServer.status(status, "", "{\"error\": \"no\"}");

        assertThat(call(post()))
                .isEqualTo(
                        new Failed(
                                "http_" + status,
                                "the server answered " + status,
                                Json.of(Map.of("error", "no"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429|Retry-After: 7|PT7S",
                "429|Retry-After: Fri, 01 May 2026 10:00:30 GMT|PT30S",
                "429|X-None: 1|",
                "408|X-None: 1|",
                "503|Retry-After: 2|PT2S"
            })
    void serverThatIsBusyIsTriedAgain(int status, String header, Duration wait) throws Exception {
        server = RawServer.status(status, header + "\r\n", "");

        assertThat(call(post()))
                .isEqualTo(
                        new TryAgain(
                                "http_" + status,
                                "the server answered " + status,
                                Optional.ofNullable(wait)));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void serverErrorLeavesTheOutcomeUnknown(int status) throws Exception {
        server = RawServer.status(status, "", "{\"error\": \"oops\"}");

        assertThat(call(post()))
                .isEqualTo(new Unknown("http_" + status, "the server answered " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void redirectOfAReadIsRefusedAndNotFollowed(int status) throws Exception {
        server = RawServer.status(status, "Location: http://127.0.0.1:1/\r\n", "");

        assertThat(((Failed) call(get())).code()).isEqualTo("redirect_refused");
        assertThat(server.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"301, false", "302, true", "303, true", "307, false", "308, false"})
    void redirectThatMayMeanDoneLeavesAWriteUnknown(int status, boolean unknown) throws Exception {
        server = RawServer.status(status, "Location: http://127.0.0.1:1/\r\n", "");

        assertThat(call(post())).isInstanceOf(unknown ? Unknown.class : Failed.class);
    }

    @Test
    void redirectToAnAddressOfMetadataIsNotFollowedEither() throws Exception {
        server =
                RawServer.status(307, "Location: http://169.254.169.254/latest/meta-data/\r\n", "");

        ToolOutcome outcome = call(get());

        assertThat(((Failed) outcome).code()).isEqualTo("redirect_refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "http://10.0.0.1/",
                "http://[::1]:1/",
                "http://[::ffff:169.254.169.254]/",
                "http://127.0.0.2/",
                "http://0177.0.0.1/"
            })
    void addressThatTheHostDoesNotAllowIsRefused(String url) {
        ToolOutcome outcome = call(SampleAgents.write("pay", Idempotency.NONE, url));

        assertThat(((Failed) outcome).code()).isEqualTo("egress_refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://2130706433/", "http://0x7f.1/", "http://127.1/"})
    void numberInPlaceOfAServerIsRefused(String url) {
        ToolOutcome outcome = call(SampleAgents.write("pay", Idempotency.NONE, url));

        assertThat(((Failed) outcome).code()).isIn("invalid_url", "egress_refused");
    }

    @Test
    void nameThatLeadsToAnAddressWhichIsNotPublicIsRefused() throws Exception {
        server = RawServer.status(200, "", "{}");
        egress =
                new Egress(
                        EgressRules.of(Optional.empty(), List.of()),
                        _ -> Future.succeededFuture(InetAddress.getLoopbackAddress()));

        ToolOutcome outcome = call(read("t", named(server)));

        assertThat(((Failed) outcome).code()).isEqualTo("egress_refused");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void callGoesToTheAddressThatWasCheckedWhateverTheNameLeadsToLater() throws Exception {
        server = RawServer.status(200, "", "{}");
        AtomicInteger lookups = new AtomicInteger();
        InetAddress checked = InetAddress.getLoopbackAddress();
        InetAddress rebound = InetAddress.getByName("169.254.169.254");
        egress =
                new Egress(
                        EgressRules.of(Optional.of(List.of("shop.test")), List.of("127.0.0.1")),
                        _ ->
                                Future.succeededFuture(
                                        lookups.incrementAndGet() == 1 ? checked : rebound));

        ToolOutcome outcome = call(read("t", named(server)));

        assertThat(outcome).isInstanceOf(Succeeded.class);
        assertThat(lookups).hasValue(1);
        assertThat(server.requests().getFirst()).containsIgnoringCase("host: shop.test:");
    }

    @Test
    void nameThatLeadsElsewhereAtTheNextCallIsRefusedThen() throws Exception {
        server =
                RawServer.answering(
                        (_, caller) -> {
                            write(caller, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                            Thread.sleep(2_000);
                        });
        AtomicInteger lookups = new AtomicInteger();
        InetAddress rebound = InetAddress.getByName("169.254.169.254");
        egress =
                new Egress(
                        EgressRules.of(Optional.empty(), List.of("127.0.0.1")),
                        _ ->
                                Future.succeededFuture(
                                        lookups.incrementAndGet() == 1
                                                ? InetAddress.getLoopbackAddress()
                                                : rebound));
        HttpTools tools = tools();
        ToolDefinition tool = read("t", named(server));
        call(tools, invocation(tool, "{}")).await().atMost(Duration.ofSeconds(10));

        ToolOutcome second =
                call(tools, invocation(tool, "{}")).await().atMost(Duration.ofSeconds(10));

        assertThat(((Failed) second).code()).isEqualTo("egress_refused");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void serverThatTheHostDoesNotListIsRefused() throws Exception {
        server = RawServer.status(200, "", "{}");
        egress =
                new Egress(
                        EgressRules.of(Optional.of(List.of("api.test")), List.of("127.0.0.1")),
                        Egress.resolver(vertx));

        ToolOutcome outcome = call(get());

        assertThat(((Failed) outcome).code()).isEqualTo("egress_refused");
        assertThat(((Failed) outcome).detail()).contains("signalbox.egress.hosts");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void serverThatIsNotThereIsTriedAgain() throws Exception {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        ToolOutcome outcome =
                call(SampleAgents.write("pay", Idempotency.NONE, "http://127.0.0.1:" + free));

        assertThat(((TryAgain) outcome).code()).isEqualTo("unreachable");
    }

    @Test
    void aCallThatComesTooLateIsNotSent() throws Exception {
        server = RawServer.status(200, "", "{}");
        ToolDefinition tool = SampleAgents.write("pay", Idempotency.NONE, server.url());

        ToolOutcome outcome =
                call(
                                tools(),
                                new ToolInvocation(
                                        new EffectId("run-t1"),
                                        new RunId(new UUID(1, 1)),
                                        1,
                                        NOW.plusSeconds(5),
                                        tool,
                                        JsonObject.EMPTY,
                                        NOW.minusMillis(1)))
                        .await()
                        .atMost(Duration.ofSeconds(10));

        assertThat(((TryAgain) outcome).code()).isEqualTo("not_sent");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void serverWithoutAnAddressIsTriedAgain() {
        ToolOutcome outcome =
                call(SampleAgents.write("pay", Idempotency.NONE, "http://nowhere.invalid/"));

        assertThat(((TryAgain) outcome).code()).isEqualTo("unreachable");
    }

    @Test
    void serverThatTakesTheCallAndNeverAnswersLeavesTheOutcomeUnknown() throws Exception {
        server = RawServer.silent();

        ToolOutcome outcome = call(withTimeout(post(), SHORT));

        assertThat(((Unknown) outcome).code()).isEqualTo("timeout");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void answerThatDribblesPastTheTimeLeavesTheOutcomeUnknown() throws Exception {
        server =
                RawServer.answering(
                        (_, caller) -> {
                            write(caller, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
                            for (int part = 0; part < 50; part++) {
                                write(caller, "x");
                                Thread.sleep(50);
                            }
                        });

        assertThat(((Unknown) call(withTimeout(post(), SHORT))).code()).isEqualTo("timeout");
    }

    @Test
    void refusalWhoseBodyNeverComesIsARefusal() throws Exception {
        server =
                RawServer.answering(
                        (_, caller) -> {
                            write(caller, "HTTP/1.1 404 No\r\nContent-Length: 100\r\n\r\nx");
                            Thread.sleep(2_000);
                        });

        assertThat(((Failed) call(withTimeout(post(), SHORT))).code()).isEqualTo("http_404");
    }

    @Test
    void connectionThatBreaksBeforeTheAnswerLeavesTheOutcomeUnknown() throws Exception {
        server = RawServer.answering((_, _) -> {});

        assertThat(((Unknown) call(post())).code()).isEqualTo("connection_lost");
        assertThat(server.requests()).as("not sent again on its own").hasSize(1);
    }

    @Test
    void connectionThatBreaksInTheAnswerLeavesTheOutcomeUnknown() throws Exception {
        server = RawServer.saying("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"paid\"");

        assertThat(((Unknown) call(post())).code()).isEqualTo("connection_lost");
    }

    @Test
    void answerThatIsNotHttpLeavesTheOutcomeUnknown() throws Exception {
        server = RawServer.saying("SSH-2.0-OpenSSH_9.9\r\n\r\n");

        assertThat(call(post())).isInstanceOf(Unknown.class);
    }

    @Test
    void readWithTooLargeAnAnswerFails() throws Exception {
        server = RawServer.status(200, "", "x".repeat((1 << 20) + 1));

        assertThat(((Failed) call(get())).code()).isEqualTo("result_too_large");
    }

    @Test
    void writeWithTooLargeAnAnswerHappened() throws Exception {
        server = RawServer.status(200, "", "x".repeat((1 << 20) + 1));

        assertThat(call(post())).isEqualTo(new Succeeded(Json.of(Map.of("truncated", true))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token-1|Authorization: Bearer token-1",
                "Bearer token-1|Authorization: Bearer token-1",
                "Basic dTpw|Authorization: Basic dTpw",
                "header:X-Api-Key=a=b c|X-Api-Key: a=b c"
            })
    void bindingGoesAlongAsItsHeader(String value, String header) throws Exception {
        server = RawServer.status(200, "", "{}");
        configuration.put("signalbox.auth-bindings.\"payments-token\"", value);

        call(withAuth(post(), "payments-token"));

        assertThat(server.requests().getFirst()).contains(header + "\r\n");
    }

    @Test
    void missingBindingFailsBeforeAnythingIsSent() throws Exception {
        server = RawServer.status(200, "", "{}");

        ToolOutcome outcome = call(withAuth(post(), "payments-token"));

        assertThat(((Failed) outcome).code()).isEqualTo("missing_binding");
        assertThat(((Failed) outcome).detail())
                .contains("signalbox.auth-bindings.\"payments-token\"");
        assertThat(server.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"header:no value", "header:Bad Name=x", "a\\nX-Evil: 1"})
    void unusableBindingFailsBeforeAnythingIsSent(String value) throws Exception {
        server = RawServer.status(200, "", "{}");
        configuration.put("signalbox.auth-bindings.\"payments-token\"", value.replace("\\n", "\n"));

        ToolOutcome outcome = call(withAuth(post(), "payments-token"));

        assertThat(((Failed) outcome).code()).isEqualTo("invalid_binding");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void secretThatTheServerEchoesIsNotInTheOutcome() throws Exception {
        String base64 = Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
        String escaped = SECRET.replace("/", "\\/").replace("s3", "\\u0073\\u0033");
        server =
                RawServer.status(
                        200,
                        "",
                        "{\"Bearer %s\": [\"%s\", {\"b64\": \"%s\"}], \"n\": \"s3cr3t%%2F%%2B%%3Dvalue\"}"
                                .formatted(SECRET, escaped, base64));
        configuration.put("signalbox.auth-bindings.\"payments-token\"", SECRET);

        ToolOutcome outcome = call(withAuth(post(), "payments-token"));

        assertThat(outcome)
                .isEqualTo(
                        new Succeeded(
                                JsonCodec.parse(
                                        """
                                        {"Bearer [redacted]": ["[redacted]", {"b64": "[redacted]"}],
                                         "n": "[redacted]"}
                                        """)));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 302, 404, 429, 500})
    void secretIsInNoOutcomeWhateverTheStatus(int status) throws Exception {
        server = RawServer.status(status, "", "you sent " + SECRET);
        configuration.put("signalbox.auth-bindings.\"payments-token\"", SECRET);

        ToolOutcome outcome = call(withAuth(post(), "payments-token"));

        assertThat(outcome.toString()).doesNotContain(SECRET);
    }

    @Test
    void passwordOfABasicBindingIsRedactedToo() throws Exception {
        String pair =
                Base64.getEncoder()
                        .encodeToString("user:pa55word".getBytes(StandardCharsets.UTF_8));
        server = RawServer.status(200, "", "{\"hello\": \"user with pa55word\"}");
        configuration.put("signalbox.auth-bindings.\"payments-token\"", "Basic " + pair);

        ToolOutcome outcome = call(withAuth(post(), "payments-token"));

        assertThat(outcome.toString()).doesNotContain("pa55word");
    }

    @Test
    void missingConfigurationFailsBeforeAnythingIsSent() {
        ToolOutcome outcome = call(read("orders.lookup", "${ORDERS_URL}/orders"));

        assertThat(((Failed) outcome).code()).isEqualTo("missing_configuration");
        assertThat(((Failed) outcome).detail()).contains("ORDERS_URL");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://{host}/|invalid_url",
                "http://{host}.example.org/|invalid_url",
                "http://user:pass@127.0.0.1/|invalid_url",
                "file:///etc/passwd|invalid_url",
                "/orders|invalid_url",
                "http://127.0.0.1/a b|invalid_url",
                "http://127.0.0.1/{dots}|invalid_argument",
                "http://127.0.0.1/{empty}|invalid_argument",
                "http://127.0.0.1/{absent}|invalid_argument"
            })
    void callThatCannotBeMadeFails(String url, String code) {
        ToolOutcome outcome =
                call(
                        read("t", url),
                        "{\"host\": \"evil.test\", \"dots\": \"..\", \"empty\": \"\"}");

        assertThat(((Failed) outcome).code()).isEqualTo(code);
    }

    @Test
    void argumentsCannotReachIntoTheConfiguration() throws Exception {
        server = RawServer.status(200, "", "{}");
        configuration.put("SECRET_NAME", "hidden");

        call(read("t", server.url() + "/{a}"), "{\"a\": \"${SECRET_NAME}\"}");

        assertThat(server.requests().getFirst()).startsWith("GET /%24%7BSECRET_NAME%7D ");
    }

    @Test
    void currentTraceGoesAlong() throws Exception {
        server = RawServer.status(200, "", "{}");
        Span span =
                Span.wrap(
                        SpanContext.create(
                                "0af7651916cd43dd8448eb211c80319c",
                                "b7ad6b7169203331",
                                TraceFlags.getSampled(),
                                TraceState.getDefault()));

        try (Scope _ = span.makeCurrent()) {
            call(get());
        }

        assertThat(server.requests().getFirst())
                .contains("traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    @Test
    void cancellingHangsUp() throws Exception {
        CompletableFuture<Boolean> hungUp = new CompletableFuture<>();
        server =
                RawServer.answering(
                        (_, caller) -> hungUp.complete(caller.getInputStream().read() < 0));
        Cancellable call =
                call(tools(), invocation(post(), "{}"))
                        .subscribe()
                        .with(_ -> hungUp.complete(false));
        Awaitility.await().until(() -> server.requests().size() == 1);

        call.cancel();

        assertThat(hungUp).succeedsWithin(Duration.ofSeconds(2)).isEqualTo(true);
    }

    private static void write(Socket caller, String text) throws IOException {
        caller.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        caller.getOutputStream().flush();
    }

    private static String named(RawServer server) {
        return server.url().replace("127.0.0.1", "shop.test");
    }

    private ToolDefinition placed(Placement placement) {
        ToolDefinition tool = SampleAgents.write("pay", Idempotency.NONE, server.url());
        return new ToolDefinition(
                tool.name(),
                tool.description(),
                tool.input(),
                tool.output(),
                tool.sideEffect(),
                tool.idempotency(),
                tool.auth(),
                new HttpCall(Method.POST, server.url() + "/pay", Duration.ofSeconds(5), placement),
                tool.digest());
    }

    private ToolDefinition get() {
        return read("orders.lookup", server.url() + "/orders");
    }

    private ToolDefinition post() {
        return SampleAgents.write("payments.refund", Idempotency.NONE, server.url() + "/refunds");
    }

    private ToolOutcome call(ToolDefinition tool) {
        return call(tool, "{}");
    }

    private ToolOutcome call(ToolDefinition tool, String arguments) {
        return call(tools(), invocation(tool, arguments)).await().atMost(Duration.ofSeconds(10));
    }

    private static Uni<ToolOutcome> call(HttpTools tools, ToolInvocation invocation) {
        return tools.call(invocation, (HttpCall) invocation.tool().transport());
    }

    private static ToolInvocation invocation(ToolDefinition tool, String arguments) {
        JsonObject object = JsonCodec.parseObject(arguments);
        return new ToolInvocation(
                new EffectId("run-t1"),
                new RunId(new UUID(1, 1)),
                1,
                NOW.plusSeconds(5),
                tool,
                object,
                NOW);
    }

    private HttpTools tools() {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
        configuration.forEach(builder::withDefaultValue);
        Config config = builder.build();
        return new HttpTools(
                vertx, new AuthBindings(config), config, InstantSource.fixed(NOW), egress);
    }
}
