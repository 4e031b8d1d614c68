package dev.signalbox.cli;

import dev.signalbox.cli.text.JsonReader;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Values on the command line: the text itself, `@FILE`, or `-` for what is piped in.
final class Given {

    private final Surroundings around;

    Given(Surroundings around) {
        this.around = around;
    }

    Json json(String option, String value) {
        try {
            return JsonReader.read(text(value));
        } catch (IllegalArgumentException wrong) {
            throw new IllegalArgumentException(option + ": " + wrong.getMessage(), wrong);
        }
    }

    JsonObject object(String option, String value) {
        if (json(option, value) instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException(option + ": expected a JSON object such as {\"a\": 1}");
    }

    /// A path as seen from where the command was started.
    Path path(Path given) {
        return around.directory().resolve(given);
    }

    /// What the file `name` holds; `-` is what is piped in.
    String file(String name) {
        return name.equals("-") ? piped() : read(around.directory().resolve(name));
    }

    /// The texts of files, and of the YAML files of directories, by name.
    Map<String, String> documents(List<String> names) {
        Map<String, String> documents = new LinkedHashMap<>();
        for (String name : names) {
            Path path = around.directory().resolve(name);
            if (!name.equals("-") && Files.isDirectory(path)) {
                inside(path).forEach(file -> documents.put(called(name, file), read(file)));
            } else {
                documents.put(name.equals("-") ? "stdin" : name, file(name));
            }
        }
        return documents;
    }

    private static String called(String directory, Path file) {
        return Path.of(directory).resolve(String.valueOf(file.getFileName())).toString();
    }

    private static List<Path> inside(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().matches(".*\\.ya?ml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new IllegalArgumentException(
                    "cannot read " + directory + " (" + failed + ")", failed);
        }
    }

    private String text(String value) {
        if (value.equals("-")) {
            return piped();
        }
        return value.startsWith("@") ? read(around.directory().resolve(value.substring(1))) : value;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalArgumentException("cannot read " + file + " (" + failed + ")", failed);
        }
    }

    private String piped() {
        try {
            return new String(around.in().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new IllegalArgumentException("cannot read what is piped in", failed);
        }
    }
}
