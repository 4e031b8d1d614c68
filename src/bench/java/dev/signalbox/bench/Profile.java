package dev.signalbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/// With `-Dbench.profile=FILE.jfr`: a flight recording, and where the time went, printed at the
/// end: by package and by method of the top frames, and by statement in PostgreSQL if it has
/// `pg_stat_statements`. Without it, nothing.
final class Profile implements AutoCloseable {

    private static final int LINES = 25;

    private static final String STATEMENTS =
            """
            SELECT format('%s ms in %s calls, %s ms each: %s', round(total_exec_time), calls,
                          round(mean_exec_time::numeric, 3),
                          left(regexp_replace(query, '\\s+', ' ', 'g'), 90))
              FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 12
            """;

    private final @Nullable Path file;
    private final Database database;
    private @Nullable Recording recording;
    private boolean statements;

    private Profile(@Nullable Path file, Database database) {
        this.file = file;
        this.database = database;
    }

    static Profile start(Database database) {
        String file = System.getProperty("bench.profile");
        return new Profile(file == null ? null : Path.of(file), database);
    }

    /// Begins after the warm-up; does nothing if it has begun.
    void begin() {
        if (file == null || recording != null) {
            return;
        }
        try {
            recording = new Recording(Configuration.getConfiguration("profile"));
        } catch (IOException | ParseException failed) {
            throw new IllegalStateException(failed);
        }
        recording.start();
        try {
            database.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
            database.execute("SELECT pg_stat_statements_reset()");
            statements = true;
        } catch (IllegalStateException absent) {
            System.out.println("no pg_stat_statements: " + absent.getCause().getMessage());
        }
    }

    @Override
    public void close() {
        if (recording == null || file == null) {
            return;
        }
        try (Recording ended = recording) {
            ended.dump(file);
            List<RecordedFrame> top =
                    RecordingFile.readAllEvents(file).stream()
                            .filter(event -> event.getEventType().getName().equals("jdk.ExecutionSample"))
                            .filter(event -> event.getStackTrace() != null)
                            .map(Profile::top)
                            .toList();
            print("self time by package", top, Profile::packageOf);
            print("self time by method", top, Profile::method);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        if (statements) {
            database.texts(STATEMENTS).forEach(System.out::println);
        }
    }

    private static RecordedFrame top(RecordedEvent event) {
        return event.getStackTrace().getFrames().getFirst();
    }

    private static void print(
            String title, List<RecordedFrame> frames, Function<RecordedFrame, String> by) {
        System.out.println(title + ", " + frames.size() + " samples");
        Map<String, Long> counts =
                frames.stream()
                        .collect(Collectors.groupingBy(by, HashMap::new, Collectors.counting()));
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(LINES)
                .forEach(
                        entry ->
                                System.out.printf(
                                        "%5.1f %%  %s%n",
                                        100.0 * entry.getValue() / frames.size(), entry.getKey()));
    }

    private static String packageOf(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(0, Math.max(0, type.lastIndexOf('.')));
    }

    private static String method(RecordedFrame frame) {
        return frame.getMethod().getType().getName() + "." + frame.getMethod().getName();
    }
}
