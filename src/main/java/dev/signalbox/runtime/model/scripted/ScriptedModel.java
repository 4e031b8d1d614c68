package dev.signalbox.runtime.model.scripted;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.agent.ScriptTurn.ScriptCall;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.policy.Expressions;
import dev.signalbox.domain.policy.TextTemplate;
import dev.signalbox.domain.policy.TextTemplate.Part;
import dev.signalbox.domain.run.TokenUsage;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.model.scripted.Script.ScriptError;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Plays the script of an agent's document, one turn a model call.
///
/// Guarantee: the same messages get the same answer, in any process. What the verifier says to a
/// text is one more message, so the next turn follows it. A script that is at its end, or whose
/// expressions cannot be evaluated, refuses; it never invents an answer.
@ApplicationScoped
public class ScriptedModel implements ModelPort {

    /// The script has no turn left for what the conversation has come to.
    public static final String EXHAUSTED = "script_exhausted";

    /// An expression of the script cannot be evaluated, or gives something else than it must.
    public static final String ERROR = "script_error";

    private final Expressions expressions;

    public ScriptedModel(Expressions expressions) {
        this.expressions = expressions;
    }

    @Override
    public Provider provider() {
        return Provider.SCRIPTED;
    }

    @Override
    public Uni<ModelReply> chat(ModelRequest request) {
        return Uni.createFrom()
                .item(() -> play(request))
                .invoke(reply -> request.listener().ifPresent(heard -> say(reply, heard)));
    }

    /// All at once: nobody writes the words one after another here.
    private static void say(ModelReply reply, Consumer<String> listener) {
        if (reply instanceof ModelReply.Answered answer) {
            answer.text().ifPresent(listener);
        }
    }

    private ModelReply play(ModelRequest request) {
        AgentDefinition agent = request.agent().agent();
        try {
            Script script =
                    Script.after(request.messages(), agent.script(), request.input(), expressions);
            OptionalInt due = script.due();
            return due.isPresent()
                    ? answer(script, due.getAsInt(), agent)
                    : new ModelReply.Refused(EXHAUSTED, exhausted(agent));
        } catch (ScriptError error) {
            return new ModelReply.Refused(ERROR, error.detail());
        }
    }

    private static String exhausted(AgentDefinition agent) {
        return "the script of "
                + agent.name()
                + " has "
                + agent.script().size()
                + " turns, and none is left to play: end it with a text that has no 'when'";
    }

    private static ModelReply answer(Script script, int index, AgentDefinition agent) {
        ScriptTurn turn = script.turn(index);
        List<ModelToolCall> calls = new ArrayList<>();
        for (ScriptCall call : turn.tools()) {
            calls.add(call(script, index, calls.size(), call));
        }
        return new ModelReply.Answered(
                turn.text().map(text -> render(script, index, text)),
                calls,
                TokenUsage.NONE,
                agent.model().name(),
                calls.isEmpty() ? "stop" : "tool_calls");
    }

    private static ModelToolCall call(Script script, int index, int number, ScriptCall call) {
        String place = "script[" + index + "].tools[" + number + "].arguments";
        if (script.evaluate(call.arguments(), place) instanceof JsonObject arguments) {
            String callId = "call-" + (index + 1) + "-" + (number + 1);
            return new ModelToolCall(callId, call.name(), arguments);
        }
        throw new ScriptError(place + " '" + call.arguments() + "' is not an object");
    }

    private static String render(Script script, int index, String text) {
        String place = "script[" + index + "].text";
        try {
            return TextTemplate.parse(text).parts().stream()
                    .map(part -> render(script, part, place))
                    .collect(Collectors.joining());
        } catch (IllegalArgumentException malformed) {
            throw new ScriptError(place + ": " + malformed.getMessage());
        }
    }

    private static String render(Script script, Part part, String place) {
        return switch (part) {
            case Part.Literal(String literal) -> literal;
            case Part.Hole(var expression) -> plain(script.evaluate(expression, place));
        };
    }

    /// A text as it is, anything else as JSON.
    private static String plain(Json value) {
        return value instanceof JsonText(String text) ? text : value.canonical();
    }
}
