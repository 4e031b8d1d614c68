package dev.signalbox.bench;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.tool.Tool;
import dev.signalbox.tool.Toolbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;

/// A tool that answers at once; a call that has a key is told to [Signals].
@ApplicationScoped
public class BenchTools implements Toolbox {

    private static final Json OK = Json.of(Map.of("ok", true));

    @Tool(value = "bench.java", inPlace = true)
    Json answer(JsonObject arguments) {
        if (arguments.members().get("key") instanceof JsonText(String key)) {
            Signals.called(key);
        }
        return OK;
    }
}
