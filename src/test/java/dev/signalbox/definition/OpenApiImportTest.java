package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Operations of an OpenAPI document become ordinary tools, or are refused with the document's and
/// the operation's name.
class OpenApiImportTest {

    private static final String HEAD =
            """
            openapi: 3.0.3
            info: {title: t, version: "1"}
            servers: [{url: "https://api.example/v1/"}]
            """;

    private static final String SHOP =
            HEAD
                    + """
                    paths:
                      /orders/{orderId}:
                        parameters:
                          - {name: orderId, in: path, required: true, schema: {type: string}}
                          - {name: X-Region, in: header, schema: {type: string}, description: Where.}
                        get:
                          operationId: getOrder
                          summary: Looks an order up
                          parameters:
                            - {name: fields, in: query, schema: {type: array, items: {type: string}}}
                            - {name: Accept, in: header, required: true, schema: {type: string}}
                            - {name: sid, in: cookie, schema: {type: string}}
                        put:
                          operationId: putOrder
                          requestBody:
                            required: true
                            content:
                              application/json; charset=utf-8:
                                schema: {$ref: "#/components/schemas/Order"}
                        delete: {operationId: deleteOrder}
                        patch: {operationId: patchOrder}
                      /payments:
                        post:
                          operationId: pay
                          parameters:
                            - {name: Idempotency-Key, in: header, required: true, schema: {type: string}}
                            - {name: dryRun, in: query, schema: {type: boolean}}
                          requestBody: {$ref: "#/components/requestBodies/Payment"}
                    components:
                      requestBodies:
                        Payment:
                          content: {application/json: {schema: {$ref: "#/components/schemas/Money"}}}
                      schemas:
                        Money:
                          type: object
                          properties:
                            amount: {type: number, minimum: 0, exclusiveMinimum: true, example: 5}
                            note: {type: string, nullable: true, x-internal: 1, x-sensitive: true}
                        Order:
                          type: object
                          properties:
                            total: {$ref: "#/components/schemas/Money"}
                            parts: {type: array, items: {$ref: "#/components/schemas/Order"}}
                    """;

    @TempDir private Path directory;

    @Test
    void methodSaysWhatAToolDoesToTheWorld() throws IOException {
        Map<String, ToolDefinition> tools = imported(SHOP, "operations: ['*']");

        assertThat(tools.values())
                .extracting(ToolDefinition::name, ToolDefinition::sideEffect, ToolDefinition::idempotency)
                .containsExactlyInAnyOrder(
                        tuple("shop.get-order", SideEffect.READ, Idempotency.NONE),
                        tuple("shop.put-order", SideEffect.EXTERNAL_WRITE, Idempotency.NATURAL),
                        tuple("shop.delete-order", SideEffect.DESTRUCTIVE, Idempotency.NATURAL),
                        tuple("shop.patch-order", SideEffect.EXTERNAL_WRITE, Idempotency.NONE),
                        tuple("shop.pay", SideEffect.EXTERNAL_WRITE, Idempotency.KEY));
    }

    @Test
    void parametersBecomeArgumentsInTheirPlaces() throws IOException {
        ToolDefinition tool = tool(imported(SHOP, "operations: [getOrder]"), "shop.get-order");

        assertThat(tool.transport())
                .isEqualTo(
                        new HttpCall(
                                HttpCall.Method.GET,
                                "https://api.example/v1/orders/{orderId}",
                                Duration.ofSeconds(30),
                                new HttpCall.Placement(
                                        List.of("fields"),
                                        Map.of("X-Region", "X-Region"),
                                        Optional.empty())));
        assertThat(tool.input())
                .isEqualTo(
                        JsonCodec.parse(
                                """
                                {"type": "object", "required": ["orderId"], "additionalProperties": false,
                                 "properties": {
                                   "fields": {"type": "array", "items": {"type": "string"}},
                                   "orderId": {"type": "string"},
                                   "X-Region": {"type": "string", "description": "Where."}}}
                                """));
        assertThat(tool.description()).isEqualTo("Looks an order up");
    }

    @Test
    void bodyIsOneArgumentWithItsSchemaWrittenOut() throws IOException {
        ToolDefinition tool = tool(imported(SHOP, "operations: [pay]"), "shop.pay");

        assertThat(((HttpCall) tool.transport()).placement())
                .isEqualTo(new HttpCall.Placement(List.of("dryRun"), Map.of(), Optional.of("body")));
        assertThat(((JsonObject) tool.input().members().get("properties")).get("body"))
                .isEqualTo(
                        JsonCodec.parse(
                                """
                                {"type": "object", "properties": {
                                   "amount": {"type": "number", "exclusiveMinimum": 0},
                                   "note": {"type": ["string", "null"], "x-sensitive": true}}}
                                """));
    }

    @Test
    void schemaThatRefersToItselfStaysOne() throws IOException {
        ToolDefinition tool = tool(imported(SHOP, "operations: [putOrder]"), "shop.put-order");
        Json nested = JsonCodec.parse("{\"orderId\": \"A\", \"body\": {\"parts\": [{\"parts\": [{\"total\": 1}]}]}}");

        List<String> findings = new Schemas().findings(tool.input(), nested);

        assertThat(tool.input().members()).containsKey("$defs");
        assertThat(findings).singleElement().asString().contains("total");
    }

    @Test
    void whatIsStatedCountsMoreThanTheMethod() throws IOException {
        Map<String, ToolDefinition> tools =
                imported(
                        SHOP,
                        """
                        auth: [shop-token]
                        operations:
                          - {id: "get*", auth: [], description: Reads., timeout: PT2S}
                          - {id: pay, sideEffect: destructive, idempotency: none, limits: {callsPerRun: 2}}
                          - "*"
                        """);

        assertThat(tool(tools, "shop.get-order").auth()).isEmpty();
        assertThat(tool(tools, "shop.get-order").description()).isEqualTo("Reads.");
        assertThat(tool(tools, "shop.get-order").transport())
                .isInstanceOfSatisfying(
                        HttpCall.class,
                        call -> assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(2)));
        assertThat(tool(tools, "shop.pay").sideEffect()).isEqualTo(SideEffect.DESTRUCTIVE);
        assertThat(tool(tools, "shop.pay").idempotency()).isEqualTo(Idempotency.NONE);
        assertThat(tool(tools, "shop.pay").callsPerRun()).contains(2);
        assertThat(tool(tools, "shop.patch-order").auth()).containsExactly("shop-token");
    }

    @Test
    void whatIsPinnedIsTheToolAndNotTheDocument() throws IOException {
        Definitions definitions = definitions(SHOP, "operations: [pay]", AGENT);
        DefinitionReader reader = new DefinitionReader(new CelExpressions(), new Schemas());
        var pinned = definitions.latest("a").orElseThrow();

        var read = reader.fromBundle(reader.toBundle(pinned));

        assertThat(read).isEqualTo(pinned);
        assertThat(reader.toBundle(pinned).canonical()).doesNotContain("api.yaml");
    }

    @Test
    void documentIsHeldAgainstItsDigest() throws IOException {
        String digest = Digest.of(SHOP).value();

        assertThat(imported(SHOP, "digest: " + digest + "\noperations: [pay]")).hasSize(1);
        assertThat(problems(SHOP, "digest: " + Digest.of("other") + "\noperations: [pay]"))
                .isEqualTo(
                        "tools.yaml:3: tools.openapi: the document is not the one that 'digest'"
                                + " names; it is "
                                + digest);
    }

    @Test
    void documentOfAnotherServerHasToBePinned() {
        DefinitionReader reader =
                new DefinitionReader(new CelExpressions(), new Schemas(), Set::of, _ -> SHOP);
        String text =
                "kind: tools\nname: shop\nopenapi: https://api.example/openapi.yaml\noperations: [pay]\n";

        assertThat(reader.read(List.of(new Source("t.yaml", text + "digest: " + Digest.of(SHOP)))).tools())
                .containsOnlyKeys("shop.pay");
        assertThatThrownBy(() -> reader.read(List.of(new Source("t.yaml", text))))
                .hasStackTraceContaining("definition");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "openapi: ../secret.yaml|expected a file of the definitions directory",
                "openapi: /etc/passwd|expected a file of the definitions directory",
                "openapi: none.yaml|there is no such file that can be read",
                "openapi: ftp://api.example/x|expected a file of the definitions directory",
                "openapi: https://user:pass@api.example/x|expected a file of the definitions directory",
                "openapi: https://api.example/x|cannot be fetched: this host fetches no documents"
            })
    void documentThatCannotBeHadIsNamed(String field, String message) throws IOException {
        Files.writeString(directory.resolve("tools.yaml"), "kind: tools\nname: s\n" + field + "\noperations: ['*']\n");

        assertThat(problems()).startsWith("tools.yaml:3: tools.openapi: " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "get: {operationId: x, parameters: [{name: q, in: query, style: deepObject, schema: {type: object}}]}|api.yaml:6: operation x: the parameter 'q' has the style 'deepObject'; expected 'form'",
                "get: {operationId: x, parameters: [{name: q, in: query, schema: {type: object}}]}|api.yaml:6: operation x: the parameter 'q' is no single value; expected one, or a list in the query",
                "get: {operationId: x, parameters: [{name: q, in: query, content: {}}]}|api.yaml:6: operation x: the parameter 'q' has no schema",
                "get: {operationId: x, parameters: [{name: q, in: cookie, required: true, schema: {}}]}|api.yaml:6: operation x: the parameter 'q' is a cookie, which no tool sends",
                "get: {operationId: x, parameters: [{name: q, in: body, schema: {}}]}|api.yaml:6: operation x: the parameter 'q' stands in 'body'; expected path, query, header or cookie",
                "get: {operationId: x, parameters: [{$ref: '#/components/parameters/Q'}]}|api.yaml:6: operation x: there is nothing at '#/components/parameters/Q'",
                "get: {operationId: x, parameters: [{$ref: 'other.yaml#/Q'}]}|api.yaml:6: operation x: 'other.yaml#/Q' leads out of the document; expected '#/components/…'",
                "post: {operationId: x, requestBody: {content: {text/xml: {}}}}|api.yaml:6: operation x: the request's body is text/xml; expected application/json",
                "post: {operationId: x, requestBody: {content: {application/json: {schema: {type: strin}}}}}|api.yaml operation x/input/properties/body/type: operation x.input/properties/body/type: does not have a value in the enumeration",
                "get: {operationId: x, security: [{key: []}]}|api.yaml:6: operation x: it asks for credentials (key); expected 'auth' with the binding to send, or 'auth: []'",
                "get: {operationId: x, parameters: [{name: id, in: header, schema: {}}, {name: id, in: query, schema: {}}]}|api.yaml:6: operation x: two arguments would be called 'id'",
                "get: {operationId: y}|tools.yaml:4: tools.operations: the document has no operation 'x'"
            })
    void operationThatCannotBeCalledIsNamed(String operation, String message) throws IOException {
        String document = HEAD + "paths:\n  /x:\n    " + operation + "\n";

        assertThat(problems(document, "operations: [x]")).startsWith(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "swagger: '2.0'|api.yaml: expected an OpenAPI document of version 3.0 or 3.1",
                "openapi: 4.0.0|api.yaml: expected an OpenAPI document of version 3.0 or 3.1",
                "- list|api.yaml: expected an OpenAPI document, found a list",
                "{|api.yaml:"
            })
    void otherDocumentsAreRefused(String document, String message) throws IOException {
        assertThat(problems(document, "operations: [x]")).startsWith(message);
    }

    private static final String AGENT =
            """
            ---
            kind: policy
            name: p
            allow: ["shop.*"]
            ---
            kind: agent
            name: a
            version: 1.0.0
            model: {provider: scripted}
            instructions: Pay.
            policy: p
            tools: [shop.pay]
            script: [{text: done}]
            """;

    private static org.assertj.core.groups.Tuple tuple(Object... values) {
        return org.assertj.core.groups.Tuple.tuple(values);
    }

    private static ToolDefinition tool(Map<String, ToolDefinition> tools, String name) {
        return Optional.ofNullable(tools.get(name)).orElseThrow();
    }

    private Map<String, ToolDefinition> imported(String document, String fields) throws IOException {
        return definitions(document, fields, "").tools();
    }

    private Definitions definitions(String document, String fields, String more) throws IOException {
        Files.writeString(directory.resolve("tools.yaml"), tools(fields) + "\n" + more);
        Files.createDirectories(directory.resolve("openapi"));
        Files.writeString(directory.resolve("openapi/api.yaml"), document);
        return new DefinitionReader(new CelExpressions(), new Schemas()).readDirectory(directory);
    }

    private static String tools(String fields) {
        return "kind: tools\nname: shop\nopenapi: openapi/api.yaml\n" + fields;
    }

    private String problems(String document, String fields) throws IOException {
        Files.writeString(directory.resolve("tools.yaml"), tools(fields));
        Files.createDirectories(directory.resolve("openapi"));
        Files.writeString(directory.resolve("openapi/api.yaml"), document);
        return problems().replace("openapi/api.yaml", "api.yaml");
    }

    private String problems() {
        try {
            new DefinitionReader(new CelExpressions(), new Schemas()).readDirectory(directory);
            return "";
        } catch (ProblemException refused) {
            return refused.problem().violations().stream()
                    .map(violation -> violation.field() + ": " + violation.expected())
                    .collect(Collectors.joining("\n"));
        }
    }
}
