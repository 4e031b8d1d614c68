package dev.signalbox.definition;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.plan.Limits;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
        "script",
        RetentionReader.FIELD
    };

    private static final int MOST_FALLBACKS = 5;
    private static final String MODELS = "a list of at most " + MOST_FALLBACKS + " models";

    private final Checks checks;
    private final ScriptReader scripts;

    AgentReader(Checks checks) {
        this.checks = checks;
        this.scripts = new ScriptReader(checks);
    }

    AgentDefinition read(Fields fields) {
        Optional<Fields> chosen =
                fields.requiredObject(
                        "model", "provider", "name", "temperature", "maxOutputTokens", "fallback");
        Optional<ModelRef> model = chosen.flatMap(AgentReader::model);
        List<String> tools = List.copyOf(fields.texts("tools", "tool name").keySet());
        List<ScriptTurn> script = scripts.read(fields, tools);
        model.ifPresent(known -> scriptedIfScripted(fields, known.provider()));
        return new AgentDefinition(
                checks.name(fields, "name"),
                checks.version(fields),
                model.orElse(unknownModel()),
                chosen.map(first -> fallbacks(first, model)).orElse(List.of()),
                fields.requiredText("instructions", "a text that tells the model what to do"),
                tools,
                checks.name(fields, "policy"),
                fields.object("limits", LimitsReader.OF_AGENTS)
                        .map(new LimitsReader(Limits.DEFAULT)::read)
                        .orElse(Limits.DEFAULT),
                checks.wrappedSchema(fields, "input"),
                checks.wrappedSchema(fields, "output"),
                new VerifyReader(checks).read(fields, "cel", "schema", "onFail"),
                script,
                RetentionReader.read(fields));
    }

    private List<ModelRef> fallbacks(Fields model, Optional<ModelRef> first) {
        List<Node> items = model.items("fallback", MODELS);
        if (items.size() > MOST_FALLBACKS) {
            model.problem("fallback", "expected " + MODELS + ", found " + items.size());
        }
        List<ModelRef> fallbacks = new ArrayList<>();
        Set<String> known = new HashSet<>();
        first.ifPresent(ref -> known.add(label(ref)));
        for (int index = 0; index < items.size(); index++) {
            Fields.of(
                            model.path("fallback") + "[" + index + "]",
                            items.get(index),
                            checks.problems(),
                            "provider",
                            "name",
                            "temperature",
                            "maxOutputTokens")
                    .ifPresent(fields -> fallback(fields, first, known).ifPresent(fallbacks::add));
        }
        return fallbacks;
    }

    private static Optional<ModelRef> fallback(
            Fields fields, Optional<ModelRef> first, Set<String> known) {
        Optional<ModelRef> model = model(fields);
        boolean scripted =
                Stream.of(model, first)
                        .flatMap(Optional::stream)
                        .anyMatch(ref -> ref.provider() == Provider.SCRIPTED);
        if (scripted) {
            fields.problem("provider", "the scripted model neither has fallbacks nor is one");
        } else if (model.isPresent() && !known.add(label(model.get()))) {
            fields.problem("name", label(model.get()) + " stands before already");
        }
        return model;
    }

    private static String label(ModelRef model) {
        return Found.word(model.provider()) + "/" + model.name();
    }

    private static Optional<ModelRef> model(Fields fields) {
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
}
