package dev.signalbox.runtime.tool;

import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.RunCall;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;

/// Sends each call the way that its tool's document says.
@ApplicationScoped
public class ToolRouter implements ToolPort {

    private final HttpTools http;
    private final JavaTools java;

    public ToolRouter(HttpTools http, JavaTools java) {
        this.http = http;
        this.java = java;
    }

    @Override
    public Uni<ToolOutcome> call(ToolInvocation invocation) {
        return switch (invocation.tool().transport()) {
            case HttpCall call -> http.call(invocation, call);
            case JavaCall call -> java.call(invocation, call);
            case RunCall _ ->
                    throw new IllegalStateException(
                            invocation.tool().name() + " is a run, which is not called");
        };
    }
}
