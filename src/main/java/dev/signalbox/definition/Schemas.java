package dev.signalbox.definition;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.verify.SchemaCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// JSON Schema 2020-12.
///
/// Guarantee: nothing is ever fetched, from the network, the disk or the class path; a schema is
/// compiled once; patterns run in linear time; findings do not repeat the values that were checked.
/// A value that cannot be checked does not match.
public final class Schemas implements SchemaCheck {

    private static final int CACHED_SCHEMAS = 1_000;
    private static final int MAX_FINDINGS = 20;
    private static final int MAX_MESSAGE = 240;

    private static final Dialect DIALECT = Dialects.getDraft202012();

    private sealed interface Compiled {
        record Ready(Schema schema) implements Compiled {}

        record Broken(Finding finding) implements Compiled {}
    }

    private final SchemaRegistry registry =
            SchemaRegistry.builder()
                    .defaultDialectId(DIALECT.getId())
                    .dialectRegistry(new BasicDialectRegistry(DIALECT))
                    .schemaCacheEnabled(false)
                    .schemaLoader(
                            loader ->
                                    loader.fetchRemoteResources(false)
                                            .allow(iri -> SchemaLint.isOfStandard(iri.toString())))
                    .schemaRegistryConfig(
                            SchemaRegistryConfig.builder()
                                    .locale(Locale.ROOT)
                                    .regularExpressionFactory(new LinearPatterns())
                                    .build())
                    .build();

    private final Schema metaSchema = registry.getSchema(SchemaLocation.of(DIALECT.getId()));
    private final BoundedCache<JsonObject, Compiled> schemas = new BoundedCache<>(CACHED_SCHEMAS);

    @Override
    public List<String> findings(JsonObject schema, Json value) {
        return validate(schema, value).stream().map(Finding::toString).toList();
    }

    /// What is wrong with `value`; empty if it matches.
    public List<Finding> validate(JsonObject schema, Json value) {
        return switch (schemas.get(schema, this::compile)) {
            case Compiled.Broken(Finding finding) -> List.of(finding);
            case Compiled.Ready(Schema ready) -> findings(ready, SchemaNodes.of(value));
        };
    }

    /// What is wrong with a schema itself, by its place in the schema; empty if it can be used.
    public List<Finding> problems(JsonObject schema) {
        Map<String, Finding> problems = new LinkedHashMap<>();
        SchemaLint.problems(schema).forEach(problem -> problems.put(problem.path(), problem));
        findings(metaSchema, SchemaNodes.of(schema))
                .forEach(problem -> problems.putIfAbsent(problem.path(), problem));
        if (problems.isEmpty()
                && schemas.get(schema, this::compile) instanceof Compiled.Broken(Finding broken)) {
            return List.of(broken);
        }
        return List.copyOf(problems.values());
    }

    private Compiled compile(JsonObject source) {
        try {
            Schema schema = registry.getSchema(SchemaNodes.of(source));
            schema.initializeValidators();
            return new Compiled.Ready(schema);
        } catch (SchemaException invalid) {
            return new Compiled.Broken(
                    new Finding(
                            "",
                            "not a JSON Schema: "
                                    + shortened(String.valueOf(invalid.getMessage()))));
        } catch (StackOverflowError endless) {
            return new Compiled.Broken(new Finding("", "the schema refers to itself without end"));
        }
    }

    private static List<Finding> findings(Schema schema, JsonNode value) {
        try {
            List<Finding> findings = new ArrayList<>();
            for (Error error : schema.validate(value)) {
                if (findings.size() == MAX_FINDINGS) {
                    findings.add(new Finding("", "and more"));
                    break;
                }
                findings.add(new Finding(error.getInstanceLocation().toString(), message(error)));
            }
            return List.copyOf(findings);
        } catch (RuntimeException | StackOverflowError unchecked) {
            return List.of(
                    new Finding(
                            "",
                            "cannot be checked against the schema ("
                                    + unchecked.getClass().getSimpleName()
                                    + ")"));
        }
    }

    private static String message(Error error) {
        String message = error.getMessage();
        int schemaText = message.indexOf(" that passes these validations");
        return shortened(schemaText < 0 ? message : message.substring(0, schemaText));
    }

    private static String shortened(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "…";
    }
}
