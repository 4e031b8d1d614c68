package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.plan.Limits;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// Reads documents of kind `agent`.
final class AgentReader {

    static final String[] FIELDS = {
        "kind",
        "name",
        "version",
        "model",
        "instructions",
        "tools",
        "policy",
        "limits",
        "input",
        "output",
        "verify",
        "script"
    };

    private final Checks checks;
    private final ScriptReader scripts;

    AgentReader(Checks checks) {
        this.checks = checks;
        this.scripts = new ScriptReader(checks);
    }

    AgentDefinition read(Fields fields) {
        Optional<ModelRef> model =
                fields.requiredObject("model", "provider", "name", "temperature", "maxOutputTokens")
                        .flatMap(this::model);
        List<String> tools = List.copyOf(fields.texts("tools", "tool name").keySet());
        List<ScriptTurn> script = scripts.read(fields, tools);
        model.ifPresent(known -> scriptedIfScripted(fields, known.provider()));
        return new AgentDefinition(
                checks.name(fields, "name"),
                checks.version(fields),
                model.orElse(unknownModel()),
                fields.requiredText("instructions", "a text that tells the model what to do"),
                tools,
                checks.name(fields, "policy"),
                fields.object("limits", "modelCalls", "toolCalls", "tokens", "costUsd", "wallClock")
                        .map(AgentReader::limits)
                        .orElse(Limits.DEFAULT),
                checks.wrappedSchema(fields, "input"),
                checks.wrappedSchema(fields, "output"),
                new VerifyReader(checks).read(fields, "cel", "schema", "onFail"),
                script);
    }

    private Optional<ModelRef> model(Fields fields) {
        Optional<Provider> provider =
                fields.requiredChoice("provider", Provider.class, Found::word);
        String name =
                provider.equals(Optional.of(Provider.SCRIPTED)) && !fields.has("name")
                        ? "script"
                        : fields.requiredText("name", "the model's name as its provider knows it");
        Optional<BigDecimal> temperature =
                fields.decimal("temperature", BigDecimal.ZERO, BigDecimal.TWO);
        Optional<Integer> maxOutputTokens =
                fields.whole("maxOutputTokens", 1, 10_000_000).map(Long::intValue);
        return provider.map(known -> new ModelRef(known, name, temperature, maxOutputTokens));
    }

    private static ModelRef unknownModel() {
        return new ModelRef(Provider.SCRIPTED, "", Optional.empty(), Optional.empty());
    }

    private static void scriptedIfScripted(Fields fields, Provider provider) {
        boolean scripted = provider == Provider.SCRIPTED;
        if (scripted && !fields.has("script")) {
            fields.problem("model", "the scripted model needs a 'script'");
        } else if (!scripted && fields.has("script")) {
            fields.problem(
                    "script",
                    "only an agent on the scripted model has one, this is on "
                            + Found.word(provider));
        }
    }

    private static Limits limits(Fields fields) {
        return new Limits(
                fields.whole("modelCalls", 1, 10_000)
                        .map(Long::intValue)
                        .orElse(Limits.DEFAULT.modelCalls()),
                fields.whole("toolCalls", 0, 100_000)
                        .map(Long::intValue)
                        .orElse(Limits.DEFAULT.toolCalls()),
                fields.whole("tokens", 1, 1_000_000_000_000L),
                fields.decimal("costUsd", BigDecimal.ZERO, BigDecimal.valueOf(1_000_000)),
                fields.duration("wallClock", Checks.MIN_WALL_CLOCK, Checks.MAX_WALL_CLOCK));
    }
}
