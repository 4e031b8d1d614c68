package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.policy.Expression;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.HttpCall.Method;
import dev.signalbox.domain.tool.Probe;
import dev.signalbox.domain.tool.SideEffect;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// Reads a tool's `probe`.
final class ProbeReader {

    private static final String[] FIELDS = {
        "method", "url", "timeout", "happened", "result", "after", "tries"
    };
    private static final Set<String> VARIABLES = Set.of("args", "effectId", "answer");
    private static final Duration MAX_AFTER = Duration.ofDays(1);
    private static final int MAX_TRIES = 10;
    private static final int DEFAULT_TRIES = 3;
    private static final Duration DEFAULT_AFTER = Duration.ofSeconds(10);

    private final Checks checks;
    private final ToolUrl urls;

    ProbeReader(Checks checks) {
        this.checks = checks;
        this.urls = new ToolUrl(Set.of(Probe.EFFECT_ID));
    }

    Optional<Probe> read(Fields fields, JsonObject input, SideEffect sideEffect) {
        if (fields.has("probe") && !sideEffect.writes()) {
            fields.problem(
                    "probe", "a tool that changes nothing is simply called again; expected none");
        }
        return fields.object("probe", FIELDS).map(probe -> read(probe, input));
    }

    private Probe read(Fields probe, JsonObject input) {
        Optional<Method> method = probe.choice("method", Method.class, Enum::name);
        if (method.isPresent() && method.get() != Method.GET) {
            probe.problem("method", "expected GET, because a probe only reads");
        }
        return new Probe(
                new HttpCall(Method.GET, urls.read(probe, input), ToolReader.timeout(probe)),
                checks.expression(probe, "happened", VARIABLES, Result.ANY).source(),
                checks.optionalExpression(probe, "result", VARIABLES, Result.ANY)
                        .map(Expression::source),
                probe.duration("after", Duration.ZERO, MAX_AFTER).orElse(DEFAULT_AFTER),
                probe.whole("tries", 1, MAX_TRIES).map(Long::intValue).orElse(DEFAULT_TRIES));
    }
}
