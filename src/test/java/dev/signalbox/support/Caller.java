package dev.signalbox.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/// Somebody with a token who calls one plane of a process.
public record Caller(URI plane, Optional<String> token) {

    public static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /// @param json what the text means, or a missing node if it is no JSON
    public record Answer(int status, HttpHeaders headers, String text, JsonNode json) {

        public String at(String pointer) {
            return json.at(pointer).asText();
        }
    }

    public static Caller submitter(SignalboxProcess process) {
        return new Caller(process.requestUri(), Optional.of(SignalboxProcess.REQUEST_TOKEN));
    }

    public static Caller operator(SignalboxProcess process) {
        return new Caller(process.operatorUri(), Optional.of(SignalboxProcess.OPERATOR_TOKEN));
    }

    /// The same person at another door.
    public Caller at(URI other) {
        return new Caller(other, token);
    }

    public Answer get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    public Answer post(String path, String body, String... headers) {
        HttpRequest.Builder request = request(path, headers);
        if (request.copy().GET().build().headers().firstValue("Content-Type").isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return send(request.POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(plane.resolve(path)).timeout(Duration.ofSeconds(90));
        token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request;
    }

    private static Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response =
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers(),
                    response.body(),
                    parse(response.body()));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException _) {
            return MissingNode.getInstance();
        }
    }
}
