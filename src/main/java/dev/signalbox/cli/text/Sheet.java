package dev.signalbox.cli.text;

import dev.signalbox.domain.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// One thing in lines of name and value; what is empty is left out.
public final class Sheet {

    private static final int NAMES = 16;

    private final Map<String, String> lines = new LinkedHashMap<>();
    private Optional<String> state = Optional.empty();

    public Sheet line(String name, String value) {
        if (!value.isEmpty()) {
            lines.put(name, Plain.value(value));
        }
        return this;
    }

    /// What stands at `path` of `value`.
    public Sheet line(String name, Json value, String path) {
        return line(name, Field.text(value, path));
    }

    /// The line whose value is a state, which has a colour.
    public Sheet state(String name, Json value, String path) {
        state = Optional.of(name);
        return line(name, value, path);
    }

    public void print(Screen screen) {
        StringBuilder out = new StringBuilder();
        lines.forEach(
                (name, value) -> {
                    String label = name + " ".repeat(Math.max(1, NAMES - name.length()));
                    Optional<Style> style =
                            state.filter(name::equals).flatMap(_ -> Style.of(value));
                    out.append(screen.painted(Optional.of(Style.FAINT), label))
                            .append(screen.painted(style, value))
                            .append('\n');
                });
        screen.made(out.toString());
    }
}
