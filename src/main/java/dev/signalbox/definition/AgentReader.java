package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.ScriptTurn;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.verify.VerifyRule;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

    static final Set<String> VERIFY_VARIABLES = Set.of("output", "input");

    static final String VERSION_EXPECTED = "a semantic version such as 1.0.0, in quotes";

    private static final Pattern VERSION =
            Pattern.compile(
                    "(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})\\.(0|[1-9]\\d{0,8})"
                        + "(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?");
    private static final int MAX_VERSION = 64;
    private static final Set<String> LATER_PROVIDERS = Set.of("anthropic", "ollama", "gemini");
    private static final Duration MIN_WALL_CLOCK = Duration.ofSeconds(1);
    private static final Duration MAX_WALL_CLOCK = Duration.ofDays(366);

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
                version(fields),
                model.orElse(unknownModel()),
                fields.requiredText("instructions", "a text that tells the model what to do"),
                tools,
                checks.name(fields, "policy"),
                fields.object("limits", "modelCalls", "toolCalls", "tokens", "costUsd", "wallClock")
                        .map(AgentReader::limits)
                        .orElse(Limits.DEFAULT),
                checks.wrappedSchema(fields, "input"),
                checks.wrappedSchema(fields, "output"),
                verify(fields),
                script);
    }

    private static String version(Fields fields) {
        String version = fields.requiredText("version", VERSION_EXPECTED);
        if (!version.isEmpty()
                && (version.length() > MAX_VERSION || !VERSION.matcher(version).matches())) {
            fields.problem(
                    "version",
                    "expected " + VERSION_EXPECTED + ", found '" + Found.shortened(version) + "'");
            return "";
        }
        return version;
    }

    private Optional<ModelRef> model(Fields fields) {
        Optional<Node> node = fields.node("provider");
        if (node.isPresent()
                && node.get() instanceof Leaf(JsonText(String name), _)
                && LATER_PROVIDERS.contains(name)) {
            fields.problem(
                    "provider",
                    "'" + name + "' is not supported by this version; expected openai or scripted");
            return Optional.empty();
        }
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
                fields.duration("wallClock", MIN_WALL_CLOCK, MAX_WALL_CLOCK));
    }

    private List<VerifyRule> verify(Fields fields) {
        List<VerifyRule> rules = new ArrayList<>();
        List<Node> items =
                fields.items("verify", "a list of checks {cel, onFail} or {schema, onFail}");
        for (int index = 0; index < items.size(); index++) {
            String here = fields.path("verify") + "[" + index + "]";
            Fields.of(here, items.get(index), checks.problems(), "cel", "schema", "onFail")
                    .flatMap(this::verifyRule)
                    .ifPresent(rules::add);
        }
        return rules;
    }

    private Optional<VerifyRule> verifyRule(Fields fields) {
        OnFail onFail = fields.choice("onFail", OnFail.class, Found::word).orElse(OnFail.FAIL);
        if (fields.has("cel") == fields.has("schema")) {
            checks.problems()
                    .add(fields.place(), fields.path() + ": expected either 'cel' or 'schema'");
            return Optional.empty();
        }
        if (fields.has("cel")) {
            return checks.optionalExpression(fields, "cel", VERIFY_VARIABLES, Result.CONDITION)
                    .map(cel -> new VerifyRule.CelRule(cel, onFail));
        }
        return fields.node("schema")
                .map(node -> checks.schema(fields, "schema", node))
                .map(schema -> new VerifyRule.SchemaRule(schema, onFail));
    }
}
