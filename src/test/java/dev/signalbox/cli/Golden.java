package dev.signalbox.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Output as it is kept in `src/test/resources/golden/cli`. Run with `-Dgolden.write=true` to write
/// it anew. Ids are numbered, times and durations named, columns as far apart as they say.
final class Golden {

    private static final Path DIRECTORY = Path.of("src/test/resources/golden/cli");
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private Golden() {}

    static void check(String name, String output) {
        Path file = DIRECTORY.resolve(name + ".txt");
        String shown = lasting(output);
        try {
            if (Boolean.getBoolean("golden.write")) {
                Files.createDirectories(DIRECTORY);
                Files.writeString(file, shown);
            }
            assertThat(shown).isEqualTo(Files.readString(file));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String lasting(String output) {
        Map<String, String> ids = new LinkedHashMap<>();
        Matcher found = ID.matcher(output);
        while (found.find()) {
            ids.putIfAbsent(found.group(), "<id-" + (ids.size() + 1) + ">");
        }
        String numbered = output;
        for (Map.Entry<String, String> id : ids.entrySet()) {
            numbered = numbered.replace(id.getKey(), id.getValue());
        }
        return numbered.replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "<time>")
                .replaceAll("PT[0-9HMS.]+", "<duration>")
                .replaceAll("sha256:[0-9a-f]{64}", "<digest>")
                .replaceAll("(?<=\\S) {2,}", "  ");
    }
}
