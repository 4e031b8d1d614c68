package dev.signalbox.domain.agent;

import dev.signalbox.domain.policy.Expression;
import java.util.List;
import java.util.Optional;

/// One turn of the scripted model: calls of tools, or a text.
///
/// @param when over `input` and `results`; a turn whose condition is false is skipped
/// @param text may hold `${CEL}`
public record ScriptTurn(Optional<Expression> when, List<ScriptCall> tools, Optional<String> text) {

    /// A call that the scripted model makes.
    ///
    /// @param arguments over `input` and `results`; an object
    public record ScriptCall(String name, Expression arguments) {}

    public ScriptTurn {
        tools = List.copyOf(tools);
        if (tools.isEmpty() == text.isEmpty()) {
            throw new IllegalArgumentException("a turn has either tools or a text");
        }
    }
}
