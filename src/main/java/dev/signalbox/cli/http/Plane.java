package dev.signalbox.cli.http;

import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.JsonReader;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One listener of Signalbox, called by somebody.
///
/// Guarantee: a call is sent once, follows no redirect, and ends as an answer, as [Refused] or as
/// [Unreachable]. Consequence: the token goes where the person said, and nowhere else.
public final class Plane {

    /// Most items of one answer.
    private static final int PAGE = 200;

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final int REDIRECTION = 300;
    private static final String JSON = "application/json";

    private final String name;
    private final URI address;
    private final Optional<String> token;
    private final HttpClient http;

    /// @param name for people, such as `operator plane`
    public Plane(String name, URI address, Optional<String> token) {
        this.name = name;
        this.address = address;
        this.token = token;
        this.http =
                HttpClient.newBuilder()
                        .version(Version.HTTP_1_1)
                        .followRedirects(Redirect.NEVER)
                        .connectTimeout(CONNECT)
                        .build();
    }

    /// Items of a list, and whether there are more.
    public record Listed(List<Json> items, boolean more) {
        public Listed {
            items = List.copyOf(items);
        }

        public JsonArray asJson() {
            return new JsonArray(items);
        }
    }

    public Json get(Query query) {
        return json(send(request(query, JSON).GET()));
    }

    public String text(Query query, String mediaType) {
        return send(request(query, mediaType).GET());
    }

    /// The first `limit` items of a list, page by page.
    public Listed list(Query query, int limit) {
        List<Json> items = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Query page = query.and("limit", Math.min(PAGE, limit - items.size()));
            Json answer = get(cursor.map(from -> page.and("cursor", from)).orElse(page));
            items.addAll(Field.items(answer, "items"));
            cursor = Field.at(answer, "nextCursor").map(Field::text);
        } while (cursor.isPresent() && items.size() < limit);
        return new Listed(items, cursor.isPresent());
    }

    public Json post(Query query, JsonObject body) {
        return post(query, body, Map.of());
    }

    public Json post(Query query, JsonObject body, Map<String, String> headers) {
        return post(query, body.canonical(), JSON, headers);
    }

    /// @param mediaType of `body`
    public Json post(Query query, String body, String mediaType, Map<String, String> headers) {
        HttpRequest.Builder request =
                request(query, JSON)
                        .header("Content-Type", mediaType)
                        .POST(BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        headers.forEach(request::header);
        return json(send(request));
    }

    /// Writes the answer to a new file, however long it is.
    public void download(Query query, Path file) throws IOException {
        try (InputStream answer = stream(request(query, JSON).GET())) {
            Files.copy(answer, file);
        }
    }

    private InputStream stream(HttpRequest.Builder request) throws IOException {
        HttpResponse<InputStream> answer = exchanged(request, BodyHandlers.ofInputStream());
        if (answer.statusCode() >= REDIRECTION) {
            try (InputStream body = answer.body()) {
                throw Refused.of(
                        answer.statusCode(),
                        new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return answer.body();
    }

    private HttpRequest.Builder request(Query query, String accept) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(address + query.toString()))
                        .timeout(ANSWER)
                        .header("Accept", accept);
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        return request;
    }

    private String send(HttpRequest.Builder request) {
        HttpResponse<String> answer =
                exchanged(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (answer.statusCode() >= REDIRECTION) {
            throw Refused.of(answer.statusCode(), answer.body());
        }
        return answer.body();
    }

    private <T> HttpResponse<T> exchanged(HttpRequest.Builder request, BodyHandler<T> body) {
        try {
            return http.send(request.build(), body);
        } catch (IOException failed) {
            throw new Unreachable(
                    "The "
                            + name
                            + " cannot be reached at "
                            + address
                            + " ("
                            + reason(failed)
                            + "). Is it up, and is the address right?",
                    failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unreachable("Interrupted.", interrupted);
        }
    }

    private static String reason(IOException failed) {
        String said = String.valueOf(failed.getMessage());
        return said.equals("null")
                ? failed instanceof ConnectException
                        ? "connection refused"
                        : failed.getClass().getSimpleName()
                : said;
    }

    private Json json(String body) {
        try {
            return JsonReader.read(body);
        } catch (IllegalArgumentException malformed) {
            throw new Unreachable(
                    "What answers at " + address + " is no " + name + " of Signalbox.", malformed);
        }
    }
}
