package dev.signalbox.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.support.RawServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FetchedDocumentsTest {

    private final Vertx vertx = Vertx.vertx();
    private final FetchedDocuments documents = documents("127.0.0.1");

    @AfterEach
    void stop() {
        documents.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void documentIsFetchedAsItStands() throws IOException {
        try (RawServer server = RawServer.status(200, "", "openapi: 3.1.0 # é\n")) {
            String text = documents.fetch(URI.create(server.url() + "/api.yaml?v=1"));

            assertThat(text).isEqualTo("openapi: 3.1.0 # é\n");
            assertThat(server.requests().getFirst()).startsWith("GET /api.yaml?v=1 HTTP/1.1");
        }
    }

    @Test
    void redirectIsNotFollowed() throws IOException {
        try (RawServer other = RawServer.status(200, "", "secret");
                RawServer server =
                        RawServer.status(302, "Location: " + other.url() + "/\r\n", "")) {
            assertThatThrownBy(() -> documents.fetch(URI.create(server.url())))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the server answered 302");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void addressThatTheHostDoesNotAllowIsNotReached() throws IOException {
        try (RawServer server = RawServer.status(200, "", "secret")) {
            FetchedDocuments closed = documents("10.0.0.0/8");

            assertThatThrownBy(() -> closed.fetch(URI.create(server.url())))
                    .isInstanceOf(IOException.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void answerThatNeverEndsIsCutOff() throws IOException {
        byte[] chunk = new byte[100_000];
        try (RawServer server =
                RawServer.answering(
                        (_, caller) -> {
                            caller.getOutputStream()
                                    .write(
                                            "HTTP/1.1 200 OK\r\n\r\n"
                                                    .getBytes(StandardCharsets.US_ASCII));
                            while (true) {
                                caller.getOutputStream().write(chunk);
                            }
                        })) {
            assertThatThrownBy(() -> documents.fetch(URI.create(server.url())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("larger than 4000000 bytes");
        }
    }

    private FetchedDocuments documents(String privateAddresses) {
        return new FetchedDocuments(
                vertx,
                new Egress(
                        EgressRules.of(Optional.empty(), List.of(privateAddresses)),
                        Egress.resolver(vertx)));
    }
}
