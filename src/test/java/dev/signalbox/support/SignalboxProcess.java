package dev.signalbox.support;

import dev.signalbox.app.embedded.PostgresServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The packaged application as a real process of the operating system, to be killed and started
/// again: same ports, same data, same environment.
///
/// Needs `target/quarkus-app`: for integration tests (`*IT`), which run after packaging.
public final class SignalboxProcess implements AutoCloseable {

    public static final String REQUEST_TOKEN = "request-token-of-the-test";
    public static final String OPERATOR_TOKEN = "operator-token-of-the-test";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 100;
    private static final String LOCAL = "http://127.0.0.1:";

    private final Path data;
    private final Path log;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> options = new ArrayList<>();
    private final int requestPort = freePort();
    private final int operatorPort = freePort();
    private final int managementPort = freePort();
    private final int amqpPort = freePort();
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process process;

    /// @param data the data directory; made if it is not there
    public SignalboxProcess(Path data) {
        this.data = data.toAbsolutePath();
        this.log = this.data.resolveSibling(this.data.getFileName() + ".log");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(requestPort));
        environment.put("SIGNALBOX_OPERATOR_PORT", Integer.toString(operatorPort));
        environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(managementPort));
        environment.put("SIGNALBOX_EMBEDDED_AMQP_PORT", Integer.toString(amqpPort));
        environment.put(
                "SIGNALBOX_EMBEDDED_POSTGRES_SOFTWARE", TestServices.postgresSoftware().toString());
        environment.put("SIGNALBOX_DATA_DIR", this.data.toString());
        environment.put("SIGNALBOX_REQUEST_TOKEN", REQUEST_TOKEN);
        environment.put("SIGNALBOX_OPERATOR_TOKEN", OPERATOR_TOKEN);
    }

    /// Sets a variable of the environment, from the next start on.
    public SignalboxProcess with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /// Adds an option of the JVM, from the next start on.
    public SignalboxProcess option(String option) {
        options.add(option);
        return this;
    }

    /// Starts the process and waits until it is ready.
    public SignalboxProcess start() {
        launch();
        awaitReady();
        return this;
    }

    /// Starts the process and does not wait.
    public SignalboxProcess launch() {
        if (isAlive()) {
            throw new IllegalStateException("it runs already");
        }
        Path jar =
                Path.of(System.getProperty("signalbox.jar", "target/quarkus-app/quarkus-run.jar"));
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is missing: package the application first");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            Files.createDirectories(data);
            process = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return this;
    }

    /// Waits until the readiness probe says so; fails with the log if the process ends before.
    public void awaitReady() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready()) {
            if (!isAlive()) {
                throw new IllegalStateException("the process ended before it was ready:\n" + log());
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not ready after " + PATIENCE + ":\n" + log());
            }
            pause();
        }
    }

    /// `kill -9`: no shutdown hook runs, nothing is flushed.
    public void kill() {
        Process running = running();
        running.destroyForcibly();
        awaitEnd(running);
    }

    /// `SIGTERM`, and waits for the orderly end; answers the exit code.
    public int terminate() {
        Process running = running();
        running.destroy();
        return awaitEnd(running);
    }

    /// Sends a signal and goes on.
    public void signal(Signal signal) {
        signal.to(pid());
    }

    /// Waits for the process to end by itself; answers the exit code.
    public int awaitEnd() {
        return awaitEnd(running());
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public long pid() {
        return running().pid();
    }

    /// Everything that all starts printed so far.
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public URI requestUri() {
        return URI.create(LOCAL + requestPort);
    }

    public URI operatorUri() {
        return URI.create(LOCAL + operatorPort);
    }

    public URI managementUri() {
        return URI.create(LOCAL + managementPort);
    }

    public int amqpPort() {
        return amqpPort;
    }

    public Path data() {
        return data;
    }

    /// Ends the process, and the PostgreSQL that a killed one left behind.
    @Override
    public void close() {
        if (isAlive()) {
            terminate();
        }
        if (Files.exists(data.resolve("postgres"))) {
            PostgresServer.stopLeftOver(data.resolve("postgres"), TestServices.postgresSoftware());
        }
        http.close();
    }

    private boolean ready() {
        try {
            HttpRequest probe =
                    HttpRequest.newBuilder(managementUri().resolve("/q/health/ready"))
                            .timeout(Duration.ofSeconds(5))
                            .build();
            return http.send(probe, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException _) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("it was never started");
        }
        return process;
    }

    private int awaitEnd(Process running) {
        try {
            if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("did not end after " + PATIENCE + ":\n" + log());
            }
            return running.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
