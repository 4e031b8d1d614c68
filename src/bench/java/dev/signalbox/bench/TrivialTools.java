package dev.signalbox.bench;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.runtime.tool.ToolPort;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Map;

/// Every tool answers at once; a call that has a key is told to [Signals].
@Alternative
@Priority(1)
@ApplicationScoped
public class TrivialTools implements ToolPort {

    private static final ToolOutcome OK = new ToolOutcome.Succeeded(Json.of(Map.of("ok", true)));

    @Override
    public Uni<ToolOutcome> call(ToolInvocation invocation) {
        if (invocation.arguments().members().get("key") instanceof JsonText(String key)) {
            Signals.called(key);
        }
        return Uni.createFrom().item(OK);
    }
}
