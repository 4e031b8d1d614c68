package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The schemas that editors use and the reader say the same, as far as a schema can say it.
class EditorSchemasTest {

    private static final Path SCHEMAS = Path.of("docs/schema");
    private static final Path DEFINITIONS = Path.of("definitions");

    /// What only the reader can know: YAML itself, names across documents, CEL, JSON Schema.
    private static final Path READER_ONLY =
            Path.of("src/test/resources/definitions/reader-only.txt");

    private final Schema schema = combined();

    private static Schema combined() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name :
                List.of("agent", "workflow", "tool", "tools", "policy", "job", "definitions")) {
            texts.put("https://schemas.test/" + name + ".json", text(name));
        }
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(texts))
                .getSchema(SchemaLocation.of("https://schemas.test/definitions.json"));
    }

    private static String text(String name) {
        try {
            return Files.readString(SCHEMAS.resolve(name + ".json"));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private List<Error> errors(Source source) {
        Problems problems = new Problems(List.of());
        List<Error> errors = new ArrayList<>();
        for (Node document : YamlReader.read(source, problems).documents()) {
            errors.addAll(schema.validate(SchemaNodes.of(document.json())));
        }
        return errors;
    }

    @Test
    @DisplayName("every example validates in an editor")
    void examplesValidate() throws IOException {
        List<Path> examples;
        try (Stream<Path> files = Files.list(DEFINITIONS)) {
            examples = files.filter(file -> file.toString().endsWith(".yaml")).toList();
        }

        assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
        for (Path example : examples) {
            assertThat(errors(new Source(example.toString(), Files.readString(example)))).isEmpty();
        }
    }

    @Test
    @DisplayName("an editor refuses every wrong document, but for what only the reader can know")
    void wrongDocumentsAreRefusedByBoth() throws IOException {
        List<String> accepted =
                WrongDefinitionsTest.cases().stream()
                        .filter(
                                wrong ->
                                        errors(new Source("wrong.yaml", wrong.document()))
                                                .isEmpty())
                        .map(WrongDefinitionsTest.Case::title)
                        .toList();

        assertThat(accepted).containsExactlyElementsOf(Files.readAllLines(READER_ONLY));
    }

    @ParameterizedTest
    @CsvSource({"agent", "workflow", "tool", "tools", "policy", "job"})
    @DisplayName("a schema knows exactly the fields that the reader knows")
    void fieldsAreTheSame(String kind) {
        JsonObject read = JsonCodec.parseObject(text(kind));

        assertThat(((JsonObject) read.get("properties")).members().keySet())
                .containsExactlyInAnyOrder(
                        switch (kind) {
                            case "agent" -> AgentReader.FIELDS;
                            case "workflow" -> WorkflowReader.FIELDS;
                            case "tool" -> ToolReader.FIELDS;
                            case "tools" -> ToolsReader.FIELDS;
                            case "job" -> JobReader.FIELDS;
                            default -> PolicyReader.FIELDS;
                        });
    }

    @ParameterizedTest
    @CsvSource({"agent", "workflow", "tool", "policy", "job"})
    @DisplayName("what the reader writes back, an editor accepts")
    void normalisedDocumentsValidate(String kind) {
        Definitions definitions =
                new DefinitionReader(new CelExpressions(), new Schemas())
                        .readDirectory(DEFINITIONS);
        List<JsonObject> documents =
                switch (kind) {
                    case "agent" ->
                            definitions.agents().stream()
                                    .map(agent -> Documents.of(agent.agent()))
                                    .toList();
                    case "workflow" ->
                            definitions.workflows().stream()
                                    .map(workflow -> Documents.of(workflow.workflow()))
                                    .toList();
                    case "tool" ->
                            definitions.tools().values().stream().map(Documents::of).toList();
                    case "job" -> definitions.jobs().stream().map(Documents::of).toList();
                    default -> definitions.policies().values().stream().map(Documents::of).toList();
                };

        assertThat(documents)
                .isNotEmpty()
                .allSatisfy(
                        document ->
                                assertThat(schema.validate(SchemaNodes.of(document))).isEmpty());
    }
}
