package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.json.Json;
import dev.signalbox.wire.JsonCodec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemasTest {

    private final Schemas schemas = new Schemas();

    @Test
    void aMatchingValueHasNoFindings() {
        var schema =
                JsonCodec.parseObject(
                        """
                        {"type": "object", "required": ["orderId", "amount"], "additionalProperties": false,
                         "properties": {"orderId": {"type": "string", "pattern": "^[A-Z]-\\\\d+$"},
                                        "amount": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01},
                                        "count": {"type": "integer"}}}\
                        """);

        var findings =
                schemas.validate(
                        schema,
                        JsonCodec.parse(
                                "{\"orderId\": \"A-1\", \"amount\": 19.99, \"count\": 2.0}"));

        assertThat(findings).isEmpty();
    }

    @ParameterizedTest
    @DisplayName("findings say where and what was expected, and do not repeat the value")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"properties\":{\"a\":{\"type\":\"number\"}}} | {\"a\":\"s3cr3t\"} | /a: string"
                        + " found, number expected",
                "{\"required\":[\"a\"]} | {} | required property 'a' not found",
                "{\"items\":{\"enum\":[\"x\",\"y\"]}} | [\"x\",\"s3cr3t\"] | /1: does not have a"
                        + " value in the enumeration [\"x\", \"y\"]",
                "{\"pattern\":\"^a\"} | \"s3cr3t\" | does not match the regex pattern ^a",
                "{\"contains\":{\"const\":1}} | [2] | must contain at least 1 element(s)",
                "{\"maxLength\":3} | \"s3cr3t\" | must be at most 3 characters long",
            })
    void findings(String schema, String value, String finding) {
        assertThat(schemas.findings(JsonCodec.parseObject(schema), JsonCodec.parse(value)))
                .containsExactly(finding);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"objekt\"} | /type: does not have a value in the enumeration"
                        + " [\"array\", \"boolean\", \"integer\", \"null\", \"number\", \"object\","
                        + " \"string\"]",
                "{\"required\":\"a\"} | /required: string found, array expected",
                "{\"requierd\":[\"a\"]} | /requierd: unknown keyword 'requierd'; did you mean"
                        + " 'required'?",
                "{\"properties\":{\"a\":{\"minimun\":1}}} | /properties/a/minimun: unknown keyword"
                        + " 'minimun'; did you mean 'minimum'?",
                "{\"$ref\":\"https://example.com/x\"} | /$ref: a reference stays within its schema:"
                        + " expected '#/$defs/…'",
                "{\"items\":{\"$ref\":\"file:///etc/passwd\"}} | /items/$ref: a reference stays"
                        + " within its schema: expected '#/$defs/…'",
                "{\"$ref\":\"classpath:draft-07/schema\"} | /$ref: a reference stays within its"
                        + " schema: expected '#/$defs/…'",
                "{\"$ref\":\"#/$defs/x\"} | /$ref: there is nothing at '#/$defs/x'",
                "{\"$ref\":\"#\"} | the schema refers to itself without end",
                "{\"$schema\":\"http://json-schema.org/draft-07/schema#\"} | /$schema: only JSON"
                        + " Schema 2020-12 is supported:"
                        + " 'https://json-schema.org/draft/2020-12/schema'",
                "{\"pattern\":\"(a\"} | /pattern: not a regular expression: missing closing )",
                "{\"pattern\":\"^(?!a)\"} | /pattern: look-around is not supported in a pattern",
                "{\"$dynamicRef\":\"#none\"} | /$dynamicRef: there is nothing at '#none'",
            })
    void wrongSchemasAreFound(String schema, String problem) {
        assertThat(schemas.problems(JsonCodec.parseObject(schema)))
                .extracting(Finding::toString)
                .containsExactly(problem);
    }

    @Test
    void indirectCirclesAreFound() {
        var schema =
                JsonCodec.parseObject(
                        """
                        {"properties": {"x": {"$ref": "#/$defs/a"}},
                         "$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"$ref": "#/$defs/a"}}}\
                        """);

        assertThat(schemas.problems(schema))
                .extracting(Finding::message)
                .contains("the schema refers to itself without end");
        assertThat(schemas.validate(schema, JsonCodec.parse("{\"x\": 1}"))).isNotEmpty();
    }

    @Test
    void recursionOverTheValueIsFine() {
        var tree =
                JsonCodec.parseObject(
                        """
                        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
                         "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}\
                        """);

        assertThat(schemas.problems(tree)).isEmpty();
        assertThat(schemas.findings(tree, JsonCodec.parse("{\"children\": [{\"children\": 1}]}")))
                .containsExactly("/children/0/children: integer found, array expected");
    }

    @Test
    @Timeout(10)
    @DisplayName("no text makes a pattern run for ever")
    void patternsAreLinear() {
        var schema = JsonCodec.parseObject("{\"pattern\": \"^(a+)+$\"}");

        var findings = schemas.validate(schema, Json.text("a".repeat(50_000) + "b"));

        assertThat(findings).hasSize(1);
    }

    @Test
    void aBrokenSchemaMatchesNothing() {
        var broken = JsonCodec.parseObject("{\"$ref\": \"https://example.com/x\"}");

        assertThat(schemas.validate(broken, Json.number(1))).isNotEmpty();
    }
}
