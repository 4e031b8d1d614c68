package dev.signalbox.definition;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.RunCall;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.tool.Transport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads documents of kind `tool`.
final class ToolReader {

    static final String[] FIELDS = {
        "kind",
        "name",
        "description",
        "input",
        "output",
        "sideEffect",
        "idempotency",
        "auth",
        "limits",
        "probe",
        "http",
        "java",
        "agent",
        "workflow"
    };

    private static final List<String> WAYS = List.of("http", "java", "agent", "workflow");
    private static final List<String> NOT_OF_RUNS = List.of("output", "idempotency", "auth");

    private static final String[] HTTP_FIELDS = {
        "method", "url", "timeout", "query", "headers", "body"
    };

    private static final long MAX_CALLS = 100_000;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

    private final Checks checks;

    ToolReader(Checks checks) {
        this.checks = checks;
    }

    ToolDefinition read(Fields fields) {
        JsonObject input = input(fields);
        SideEffect sideEffect =
                fields.requiredChoice("sideEffect", SideEffect.class, Found::word)
                        .orElse(SideEffect.READ);
        ToolDefinition tool =
                new ToolDefinition(
                        checks.name(fields, "name"),
                        fields.requiredText(
                                "description",
                                "a sentence that tells the model what the tool does"),
                        input,
                        fields.node("output").map(node -> checks.schema(fields, "output", node)),
                        sideEffect,
                        idempotency(fields, sideEffect),
                        auth(fields),
                        transport(fields, input),
                        callsPerRun(fields),
                        new ProbeReader(checks).read(fields, input, sideEffect),
                        Digest.of(""));
        return Documents.digested(tool);
    }

    private static Optional<Integer> callsPerRun(Fields fields) {
        return fields.object("limits", "callsPerRun")
                .flatMap(
                        limits ->
                                limits.required("callsPerRun", "a whole number")
                                        .flatMap(_ -> limits.whole("callsPerRun", 1, MAX_CALLS)))
                .map(Long::intValue);
    }

    private JsonObject input(Fields fields) {
        Optional<Node> node = fields.required("input", "a JSON Schema of the arguments");
        if (node.isEmpty()) {
            return JsonObject.EMPTY;
        }
        JsonObject schema = checks.schema(fields, "input", node.get());
        if (!Json.text("object").equals(schema.get("type"))) {
            fields.problem("input", "expected 'type: object', because arguments are an object");
        }
        return schema;
    }

    /// A tool that writes has to say what makes a repeat harmless, or that nothing does.
    private static Idempotency idempotency(Fields fields, SideEffect sideEffect) {
        boolean run = fields.has("agent") || fields.has("workflow");
        return (sideEffect.writes() && !run
                        ? fields.requiredChoice("idempotency", Idempotency.class, Found::word)
                        : fields.choice("idempotency", Idempotency.class, Found::word))
                .orElse(Idempotency.NONE);
    }

    private List<String> auth(Fields fields) {
        var names = fields.texts("auth", "binding name");
        names.forEach(
                (name, place) -> {
                    if (!Checks.isName(name)) {
                        checks.problems()
                                .add(
                                        place,
                                        fields.path("auth")
                                                + ": expected "
                                                + Checks.NAME_EXPECTED
                                                + ", found '"
                                                + Found.shortened(name)
                                                + "'");
                    }
                });
        return List.copyOf(names.keySet());
    }

    private Transport transport(Fields fields, JsonObject input) {
        List<String> ways = WAYS.stream().filter(fields::has).toList();
        if (ways.size() != 1) {
            checks.problems()
                    .add(
                            ways.isEmpty() ? fields.place() : fields.place(ways.get(1)),
                            fields.path() + ": expected one of " + String.join(", ", WAYS));
        }
        return run(fields, RunCall.Of.AGENT)
                .or(() -> run(fields, RunCall.Of.WORKFLOW))
                .or(() -> fields.object("java", "name", "timeout").map(java -> java(fields, java)))
                .or(() -> fields.object("http", HTTP_FIELDS).map(http -> http(http, input)))
                .orElseGet(() -> new HttpCall(Method.GET, "", DEFAULT_TIMEOUT));
    }

    /// A run is made once, whatever happens to the worker, and checks what comes of it itself.
    private Optional<Transport> run(Fields fields, RunCall.Of kind) {
        return fields.object(Found.word(kind), "name", "version")
                .map(
                        run -> {
                            for (String field : NOT_OF_RUNS) {
                                if (fields.has(field)) {
                                    fields.problem(
                                            field, "this tool is a run, for which it says nothing");
                                }
                            }
                            return new RunCall(
                                    kind,
                                    checks.name(run, "name"),
                                    run.has("version")
                                            ? Optional.of(checks.version(run))
                                            : Optional.empty());
                        });
    }

    /// A method of the host's code brings its own credentials.
    private JavaCall java(Fields fields, Fields java) {
        if (fields.has("auth")) {
            fields.problem("auth", "only a tool over HTTP has bindings, this is a Java tool");
        }
        String name = java.requiredText("name", "the name of a Java tool");
        if (!name.isEmpty()) {
            checks.hostTool(java, "name", name);
        }
        return new JavaCall(name, timeout(java));
    }

    private HttpCall http(Fields http, JsonObject input) {
        String url = new ToolUrl(Set.of()).read(http, input);
        return new HttpCall(
                http.requiredChoice("method", Method.class, Enum::name).orElse(Method.GET),
                url,
                timeout(http),
                new PlacementReader(checks).read(http, input));
    }

    static Duration timeout(Fields fields) {
        return fields.duration("timeout", MIN_TIMEOUT, MAX_TIMEOUT).orElse(DEFAULT_TIMEOUT);
    }
}
