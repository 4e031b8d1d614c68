package dev.signalbox.bench;

import dev.signalbox.domain.json.Json;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.runtime.tool.ToolPort;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Map;

/// Every tool answers at once.
@Alternative
@Priority(1)
@ApplicationScoped
public class TrivialTools implements ToolPort {

    private static final ToolOutcome OK = new ToolOutcome.Succeeded(Json.of(Map.of("ok", true)));

    @Override
    public Uni<ToolOutcome> call(ToolInvocation invocation) {
        return Uni.createFrom().item(OK);
    }
}
