package dev.signalbox.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Another executor in a process of its own, or the reason why there is none. The project of
/// `src/bench/peers` is what runs there; it ends when its input does.
final class PeerProcess implements AutoCloseable {

    static final Path HOME = Path.of("target", "peers");

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final List<String> ready;

    private PeerProcess(String name, Process process) throws IOException {
        this.name = name;
        this.process = process;
        this.answers =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.ready = words(answers.readLine());
    }

    /// Starts a peer and waits until it is ready, or says that it never will be.
    ///
    /// @param name as `PeerMain` knows it
    static PeerProcess start(String name, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                HOME.resolve("classes") + ":" + HOME.resolve("lib") + "/*",
                                "dev.signalbox.bench.peer.PeerMain",
                                name));
        command.addAll(Arrays.asList(arguments));
        try {
            Path log = Files.createDirectories(HOME).resolve(name + ".log");
            return new PeerProcess(
                    name, new ProcessBuilder(command).redirectError(log.toFile()).start());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    String name() {
        return name;
    }

    boolean isThere() {
        return ready.getFirst().equals("ready");
    }

    String reason() {
        return ready.size() < 2
                ? "it does not start: `make bench PART=peers` installs it"
                : String.join(" ", ready.subList(1, ready.size()));
    }

    long cpuNanos() {
        return ready.stream().skip(1).mapToLong(Long::parseLong).map(Machine::cpuNanos).sum();
    }

    /// Gets ready for so many callers at once.
    void prepare(int concurrency) {
        ask("prepare " + concurrency, "prepared");
    }

    /// Runs a closed loop of workflows there.
    Times loop(int concurrency, long millis, int steps) {
        List<String> answer = ask("loop %d %d %d".formatted(concurrency, millis, steps), "done");
        return Times.of(
                Long.parseLong(answer.get(1)), answer.stream().skip(2).map(Long::valueOf).toList());
    }

    /// Gives back what only a loop needs.
    void rest() {
        ask("rest", "rested");
    }

    private List<String> ask(String order, String expected) {
        try {
            process.getOutputStream().write((order + "\n").getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            List<String> answer = words(answers.readLine());
            if (!answer.getFirst().equals(expected)) {
                throw new IllegalStateException(
                        name + " failed; see " + HOME + "/" + name + ".log");
            }
            return answer;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            process.waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroy();
        }
    }

    private static List<String> words(String line) {
        return line == null ? List.of("absent") : List.of(line.split(" ", -1));
    }
}
