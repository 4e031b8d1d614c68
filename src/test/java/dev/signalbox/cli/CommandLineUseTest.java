package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.signalbox.cli.Cli.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the command line behaves when it is used wrongly, and when the server is.
class CommandLineUseTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;

    private final List<String> tokens = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "runs",
                "runz list",
                "runs show",
                "runs list --limit nine",
                "runs list --limit 0",
                "runs hold 01890000-0000-7000-8000-000000000000",
                "runs show ..",
                "overview --output xml",
                "reconcile run effect --reason r",
                "reconcile run effect --happened --did-not-happen --reason r",
                "overview --url ftp://somewhere",
                "overview --url http://user:password@localhost",
                "run submit desk --input {",
                "run submit desk --input [1]",
                "run submit desk --input @missing.json",
                "overview --token-file missing.txt"
            })
    void a_wrong_command_line_is_explained_and_nothing_is_sent(String line) {
        Outcome outcome =
                Cli.at(URI.create("http://127.0.0.1:1"))
                        .with("SIGNALBOX_REQUEST_TOKEN", "any")
                        .with("SIGNALBOX_REQUEST_URL", "http://127.0.0.1:1")
                        .in(directory)
                        .run(line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("signalbox: ").doesNotContain("\tat ");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void every_command_explains_itself() {
        Outcome outcome = Cli.unconfigured().run("--help");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .contains("overview", "runs", "approvals", "reconcile", "jobs", "audit", "run ");
        assertThat(Cli.unconfigured().run("approvals", "edit", "--help").out())
                .contains("--arguments");
    }

    @Test
    void shells_learn_every_command() {
        Outcome outcome = Cli.unconfigured().run("completion");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).startsWith("#!").contains("backfill", "--did-not-happen");
    }

    @Test
    void a_server_that_is_away_is_named() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        Outcome outcome = Cli.at(URI.create("http://127.0.0.1:" + closed)).run("overview");

        assertThat(outcome.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(outcome.err()).contains("http://127.0.0.1:" + closed).contains("Is it up");
    }

    @Test
    void something_else_that_answers_is_told_apart() throws IOException {
        HttpServer server = server(0, 200, "<html>hello</html>");

        Outcome outcome = Cli.at(address(server)).run("overview");
        server.stop(0);

        assertThat(outcome.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(outcome.err()).contains("is no operator plane of Signalbox");
    }

    @Test
    void a_gateway_without_a_problem_is_told_by_its_status() throws IOException {
        HttpServer server = server(0, 502, "Bad Gateway");

        Outcome outcome = Cli.at(address(server)).run("overview");
        server.stop(0);

        assertThat(outcome.code()).isEqualTo(ExitCode.UNREACHABLE);
        assertThat(outcome.err()).contains("502");
    }

    @Test
    void the_token_is_found_for_a_server_on_this_machine_and_kept_from_others() throws IOException {
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(
                directory.resolve("data/tokens.txt"),
                "request=for-requests\noperator=for-operators\n");
        HttpServer server = server(0, 200, "{\"runs\": {}, \"approvals\": {\"pending\": 0}}");

        Outcome here =
                Cli.unconfigured()
                        .with("SIGNALBOX_URL", address(server).toString())
                        .in(directory)
                        .run("overview");
        Outcome elsewhere =
                Cli.unconfigured()
                        .with("SIGNALBOX_URL", "http://signalbox.example:8090")
                        .in(directory)
                        .run("overview");
        server.stop(0);

        assertThat(here.code()).as(here.err()).isZero();
        assertThat(tokens).containsExactly("Bearer for-operators");
        assertThat(elsewhere.code()).isEqualTo(ExitCode.USAGE);
        assertThat(elsewhere.err()).contains("SIGNALBOX_OPERATOR_TOKEN");
    }

    @Test
    void a_token_file_may_hold_one_bare_token() throws IOException {
        Files.writeString(directory.resolve("mine"), "bare-token\n");
        HttpServer server = server(0, 200, "{\"runs\": {}, \"approvals\": {\"pending\": 0}}");

        Outcome outcome =
                Cli.unconfigured()
                        .in(directory)
                        .run(
                                "overview",
                                "--url",
                                address(server).toString(),
                                "--token-file",
                                "mine");
        server.stop(0);

        assertThat(outcome.code()).isZero();
        assertThat(tokens).containsExactly("Bearer bare-token");
    }

    @Test
    void whoever_follows_sees_every_entry_once_though_the_server_goes_away() throws Exception {
        List<String> journal = new CopyOnWriteArrayList<>(List.of("run_submitted", "run_started"));
        HttpServer first = journal(0, journal);
        int port = first.getAddress().getPort();
        Cli cli = Cli.at(address(first));

        CompletableFuture<Outcome> following =
                CompletableFuture.supplyAsync(() -> cli.run("runs", "events", "r", "--follow"));
        await().atMost(PATIENCE).until(() -> cli.printed().contains("run_started"));
        first.stop(0);
        await().atMost(PATIENCE).until(() -> cli.noted().contains("Trying again"));
        journal.addAll(List.of("model_requested", "run_completed"));
        HttpServer second = journal(port, journal);
        Outcome outcome = following.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        second.stop(0);

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out().lines().map(line -> line.strip().split("\\s+", -1)[0]))
                .containsExactly("1", "2", "3", "4");
    }

    private HttpServer server(int port, int status, String body) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/",
                exchange -> {
                    tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
                    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static HttpServer journal(int port, List<String> types) throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext(
                "/",
                exchange -> {
                    String query = exchange.getRequestURI().getQuery();
                    int after = Integer.parseInt(query.replaceAll(".*cursor=", ""));
                    String items =
                            IntStream.range(after, types.size())
                                    .mapToObj(
                                            i ->
                                                    "{\"seq\": %d, \"type\": \"%s\"}"
                                                            .formatted(i + 1, types.get(i)))
                                    .collect(Collectors.joining(","));
                    byte[] bytes =
                            ("{\"items\": [" + items + "]}").getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static URI address(HttpServer server) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
