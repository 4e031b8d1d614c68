package dev.signalbox.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// A server that says exactly the bytes that a test wants, or nothing, and then hangs up or not.
public final class RawServer implements AutoCloseable {

    /// What happens once a request is there.
    public interface Answer {

        void to(String request, Socket caller) throws IOException, InterruptedException;
    }

    private final ServerSocket server;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Answer answer;

    private RawServer(Answer answer) throws IOException {
        this.answer = answer;
        this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    public static RawServer answering(Answer answer) throws IOException {
        return new RawServer(answer);
    }

    /// Says `response` to every request, and hangs up.
    public static RawServer saying(String response) throws IOException {
        return new RawServer(
                (_, caller) ->
                        caller.getOutputStream().write(response.getBytes(StandardCharsets.UTF_8)));
    }

    /// Answers every request with this status, these header lines and this body.
    public static RawServer status(int status, String headers, String body) throws IOException {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return saying(
                "HTTP/1.1 "
                        + status
                        + " Status\r\nContent-Length: "
                        + length
                        + "\r\n"
                        + "Connection: close\r\n"
                        + headers
                        + "\r\n"
                        + body);
    }

    /// Takes every request and never answers.
    public static RawServer silent() throws IOException {
        return new RawServer((_, _) -> Thread.sleep(60_000));
    }

    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket caller = server.accept();
                Thread.ofVirtual().start(() -> serve(caller));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void serve(Socket caller) {
        try (caller) {
            String request = read(caller.getInputStream());
            requests.add(request);
            answer.to(request, caller);
        } catch (IOException _) {
            // The caller went away.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the caller hung up");
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int length =
                text.lines()
                        .map(line -> line.toLowerCase(Locale.ROOT))
                        .filter(line -> line.startsWith("content-length:"))
                        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
                        .findFirst()
                        .orElse(0);
        return text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
