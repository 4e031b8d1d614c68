package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.verify.VerifyRule;
import dev.signalbox.domain.verify.VerifyRule.OnFail;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads what has to hold of an output.
final class VerifyReader {

    static final Set<String> VARIABLES = Set.of("output", "input");

    private final Checks checks;

    VerifyReader(Checks checks) {
        this.checks = checks;
    }

    /// @param known the fields of a check: `onFail` stands only where something can be sent back
    List<VerifyRule> read(Fields fields, String... known) {
        List<VerifyRule> rules = new ArrayList<>();
        String more = List.of(known).contains("onFail") ? ", onFail" : "";
        List<Node> items =
                fields.items(
                        "verify", "a list of checks {cel" + more + "} or {schema" + more + "}");
        for (int index = 0; index < items.size(); index++) {
            String here = fields.path("verify") + "[" + index + "]";
            Fields.of(here, items.get(index), checks.problems(), known)
                    .flatMap(this::rule)
                    .ifPresent(rules::add);
        }
        return rules;
    }

    private Optional<VerifyRule> rule(Fields fields) {
        OnFail onFail = fields.choice("onFail", OnFail.class, Found::word).orElse(OnFail.FAIL);
        if (fields.has("cel") == fields.has("schema")) {
            checks.problems()
                    .add(fields.place(), fields.path() + ": expected either 'cel' or 'schema'");
            return Optional.empty();
        }
        if (fields.has("cel")) {
            return checks.optionalExpression(fields, "cel", VARIABLES, Result.CONDITION)
                    .map(cel -> new VerifyRule.CelRule(cel, onFail));
        }
        return fields.node("schema")
                .map(node -> checks.schema(fields, "schema", node))
                .map(schema -> new VerifyRule.SchemaRule(schema, onFail));
    }
}
