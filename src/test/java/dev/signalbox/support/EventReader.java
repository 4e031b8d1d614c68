package dev.signalbox.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A client that follows a run over server-sent events, as browsers do: when the connection breaks,
/// it comes again and says what it has seen last.
public final class EventReader implements AutoCloseable {

    private static final int RETRY_MILLIS = 20;

    private final URI door;
    private final String run;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<JsonNode> events = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();

    public EventReader(URI door, String run) {
        this.door = door;
        this.run = run;
    }

    /// Every event, in the order in which it came, however often the connection broke.
    public List<JsonNode> events() {
        return List.copyOf(events);
    }

    /// How many answers the events came in.
    public int connections() {
        return connections.get();
    }

    /// Reads until the stream ends as it should.
    public EventReader read() {
        boolean ended = false;
        while (!ended) {
            try (InputStream stream = open()) {
                read(stream);
                ended = true;
            } catch (IOException _) {
                pause();
            }
        }
        return this;
    }

    /// The stream from behind the last event on; nothing of it is read yet.
    public InputStream open() throws IOException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(door.resolve("/v1/runs/" + run + "/events"))
                        .header("Authorization", "Bearer " + SignalboxProcess.REQUEST_TOKEN);
        if (!events.isEmpty()) {
            request.header("Last-Event-ID", events.getLast().path("seq").asText());
        }
        try {
            HttpResponse<InputStream> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            if (answer.statusCode() >= 400 && answer.statusCode() != 503) {
                throw new AssertionError(answer.statusCode() + " for the events of " + run);
            }
            connections.incrementAndGet();
            return answer.body();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// An event counts once the empty line behind it has come.
    private void read(InputStream stream) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data = line.substring("data:".length());
            } else if (line.isEmpty() && !data.isEmpty()) {
                events.add(Caller.JSON.readTree(data));
                data = "";
            }
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
