package dev.signalbox.bench.peer;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A Restate server with four partitions, which syncs its log as it does by default, and the
/// workflow as a service on its TypeScript SDK. What calls it, here, is not counted as its work.
final class RestatePeer implements Peer {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process service;
    private final Process server;
    private final int ingress;
    private final BlockingQueue<Wire> free = new LinkedBlockingQueue<>();

    /// @param software where npm has installed it
    /// @param data where the server may keep its files; whatever is there is its past
    RestatePeer(String software, String data) throws IOException, InterruptedException {
        int port = freePort();
        ingress = freePort();
        int admin = freePort();
        Path home = Path.of(software);
        service =
                new ProcessBuilder("node", "service.mjs", Integer.toString(port))
                        .directory(home.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        ProcessBuilder builder =
                new ProcessBuilder(
                                binary(home).toString(),
                                "--base-dir",
                                Files.createDirectories(Path.of(data)).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(new File(data, "server.log"));
        builder.environment()
                .putAll(
                        java.util.Map.of(
                                "RESTATE_DEFAULT_NUM_PARTITIONS", "4",
                                "RESTATE_BIND_IP", "127.0.0.1",
                                "RESTATE_ADVERTISED_HOST", "127.0.0.1",
                                "RESTATE_LISTEN_MODE", "tcp",
                                "RESTATE_BIND_PORT", Integer.toString(freePort()),
                                "RESTATE_INGRESS__BIND_PORT", Integer.toString(ingress),
                                "RESTATE_ADMIN__BIND_PORT", Integer.toString(admin),
                                "RESTATE_DISABLE_TELEMETRY", "true",
                                "RUST_LOG", "warn"));
        server = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        new BufferedReader(new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))
                .readLine();
        register(admin, port);
    }

    private static Path binary(Path home) throws IOException {
        try (var found =
                Files.find(
                        home.resolve("node_modules/@restatedev"),
                        3,
                        (path, _) -> path.endsWith("bin/restate-server") && Files.isExecutable(path))) {
            return found.filter(path -> !path.toString().contains("/restate-server/"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no Restate server for this platform"));
        }
    }

    private void register(int admin, int port) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + "/deployments"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"uri\":\"http://127.0.0.1:" + port + "\"}"))
                        .build();
        String last = "";
        try (HttpClient http = HttpClient.newHttpClient()) {
            for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
                try {
                    HttpResponse<String> answer =
                            http.send(request, HttpResponse.BodyHandlers.ofString());
                    if (answer.statusCode() / 100 == 2) {
                        workflow(1);
                        return;
                    }
                    last = answer.body();
                } catch (IOException notYet) {
                    last = String.valueOf(notYet.getMessage());
                }
                Thread.sleep(500);
            }
        }
        throw new IOException("Restate does not answer: " + last);
    }

    @Override
    public List<Long> processes() {
        return List.of(server.pid(), service.pid());
    }

    @Override
    public void workflow(int steps) throws IOException {
        Wire wire = free.poll();
        if (wire == null) {
            wire = new Wire(ingress);
        }
        wire.post("/bench/steps", Integer.toString(steps));
        free.add(wire);
    }

    @Override
    public void close() {
        end();
    }

    private void end() {
        service.destroy();
        server.destroy();
        try {
            server.waitFor();
        } catch (InterruptedException _) {
            server.destroyForcibly();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
