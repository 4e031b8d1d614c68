package dev.signalbox.runtime.model.scripted;

import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.Expressions.Evaluation;
import dev.signalbox.runtime.model.ChatMessage;
import dev.signalbox.runtime.model.ChatMessage.AssistantMessage;
import dev.signalbox.runtime.model.ChatMessage.ToolResultMessage;
import dev.signalbox.runtime.model.ChatMessage.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A script at one point of a conversation.
///
/// Which turn is due follows from the messages alone: each answer that the model gave before took
/// one turn, chosen with the results that were known then. Consequence: a replay, and a worker
/// that never saw the run before, play the same turn.
final class Script {

    private final List<ScriptTurn> turns;
    private final Json input;
    private final Expressions expressions;
    private final List<Json> results = new ArrayList<>();
    private int position;

    private Script(List<ScriptTurn> turns, Json input, Expressions expressions) {
        this.turns = turns;
        this.input = input;
        this.expressions = expressions;
    }

    static Script after(
            List<ChatMessage> messages,
            List<ScriptTurn> turns,
            Json input,
            Expressions expressions) {
        Script script = new Script(turns, input, expressions);
        messages.forEach(script::see);
        return script;
    }

    private void see(ChatMessage message) {
        switch (message) {
            case UserMessage _ -> {}
            case AssistantMessage _ -> position = due().orElse(turns.size()) + 1;
            case ToolResultMessage result -> results.add(result.content());
        }
    }

    /// Index of the turn that is due, if one is left.
    OptionalInt due() {
        for (int index = position; index < turns.size(); index++) {
            if (applies(index)) {
                return OptionalInt.of(index);
            }
        }
        return OptionalInt.empty();
    }

    ScriptTurn turn(int index) {
        return turns.get(index);
    }

    /// @param place where in the document the expression stands, for the refusal
    Json evaluate(Expression expression, String place) {
        Map<String, Json> variables = Map.of("input", input, "results", new JsonArray(results));
        return switch (expressions.evaluate(expression, variables)) {
            case Evaluation.Value(Json value) -> value;
            case Evaluation.Failed(String reason) ->
                    throw new ScriptError(place + " '" + expression + "': " + reason);
        };
    }

    private boolean applies(int index) {
        return turns.get(index)
                .when()
                .map(when -> isTrue(when, "script[" + index + "].when"))
                .orElse(true);
    }

    private boolean isTrue(Expression when, String place) {
        if (evaluate(when, place) instanceof JsonBool(boolean value)) {
            return value;
        }
        throw new ScriptError(place + " '" + when + "' is neither true nor false");
    }

    /// The script cannot go on as it is written.
    static final class ScriptError extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ScriptError(String message) {
            super(message, null, false, false);
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }
}
