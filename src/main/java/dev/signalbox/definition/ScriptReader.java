package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.agent.ScriptTurn.ScriptCall;
import dev.signalbox.domain.policy.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the script of an agent on the scripted model.
final class ScriptReader {

    static final Set<String> VARIABLES = Set.of("input", "results");

    private final Checks checks;

    ScriptReader(Checks checks) {
        this.checks = checks;
    }

    /// @param tools the agent's tools
    List<ScriptTurn> read(Fields agent, List<String> tools) {
        List<ScriptTurn> turns = new ArrayList<>();
        List<Node> items = agent.items("script", "a list of turns {when, tools} or {when, text}");
        for (int index = 0; index < items.size(); index++) {
            String here = agent.path("script") + "[" + index + "]";
            Fields.of(here, items.get(index), checks.problems(), "when", "tools", "text")
                    .flatMap(turn -> turn(turn, tools))
                    .ifPresent(turns::add);
        }
        if (agent.isEmptyList("script")) {
            agent.problem("script", "expected at least one turn");
        }
        return turns;
    }

    private Optional<ScriptTurn> turn(Fields fields, List<String> tools) {
        Optional<Expression> when =
                checks.optionalExpression(fields, "when", VARIABLES, Result.CONDITION);
        List<ScriptCall> calls = calls(fields, tools);
        Optional<String> text = fields.text("text");
        text.ifPresent(template -> checks.template(fields, "text", template, VARIABLES));
        if (fields.has("tools") == fields.has("text")) {
            checks.problems()
                    .add(fields.place(), fields.path() + ": expected either 'tools' or 'text'");
        }
        return calls.isEmpty() == text.isEmpty()
                ? Optional.empty()
                : Optional.of(new ScriptTurn(when, calls, text));
    }

    private List<ScriptCall> calls(Fields turn, List<String> tools) {
        List<ScriptCall> calls = new ArrayList<>();
        List<Node> items = turn.items("tools", "a list of calls {name, arguments}");
        for (int index = 0; index < items.size(); index++) {
            String here = turn.path("tools") + "[" + index + "]";
            Fields.of(here, items.get(index), checks.problems(), "name", "arguments")
                    .map(call -> call(call, tools))
                    .ifPresent(calls::add);
        }
        if (turn.isEmptyList("tools")) {
            turn.problem("tools", "expected at least one call");
        }
        return calls;
    }

    private ScriptCall call(Fields fields, List<String> tools) {
        String name = checks.name(fields, "name");
        if (!name.isEmpty() && !tools.contains(name)) {
            fields.problem(
                    "name",
                    "'" + name + "' is not one of the agent's tools" + NearMiss.hint(name, tools));
        }
        return new ScriptCall(
                name, checks.expression(fields, "arguments", VARIABLES, Result.OBJECT));
    }
}
