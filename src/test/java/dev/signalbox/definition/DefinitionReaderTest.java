package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.JavaCall;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.domain.tool.Transport;
import dev.signalbox.wire.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionReaderTest {

    private static final DefinitionReader READER =
            new DefinitionReader(new CelExpressions(), new Schemas());

    private static final String TOOL =
            """
            kind: tool
            name: orders.lookup
            description: Looks an order up.
            input: {type: object, required: [id], properties: {id: {type: string}}}
            sideEffect: read
            http: {method: GET, url: "${ORDERS_URL}/orders/{id}"}
            """;

    private static final String POLICY =
            """
            kind: policy
            name: support
            rules:
              - id: ask
                when: "args.id == 'A'"
                then: require_approval
                approval: {approvers: ["role:lead"]}
            """;

    private static final String AGENT =
            """
            kind: agent
            name: desk
            version: 1.0.0
            model: {provider: scripted}
            instructions: Help.
            tools: [orders.lookup]
            policy: support
            script: [{text: Done}]
            """;

    private static Definitions read(String... documents) {
        return READER.read(List.of(new Source("test.yaml", String.join("---\n", documents))));
    }

    private static PinnedAgent desk(String... documents) {
        return read(documents).latest("desk").orElseThrow();
    }

    @Test
    @DisplayName("what a document leaves out has the safe default")
    void defaults() {
        PinnedAgent agent = desk(TOOL, POLICY, AGENT);

        ToolDefinition tool = agent.tool("orders.lookup").orElseThrow();
        assertThat(tool.idempotency()).isEqualTo(Idempotency.NONE);
        assertThat(tool.transport())
                .isInstanceOfSatisfying(
                        Transport.Answered.class,
                        call -> assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(30)));
        assertThat(tool.auth()).isEmpty();
        assertThat(agent.policy().defaultVerdict()).isEqualTo(Verdict.DENY);
        assertThat(agent.policy().rules().getFirst().approval().orElseThrow().fourEyes()).isTrue();
        assertThat(agent.agent().limits()).isEqualTo(Limits.DEFAULT);
    }

    @Test
    @DisplayName(
            "comments, order and layout do not change a digest; neither does a default written out")
    void digestsAreOfMeaning() {
        String shuffled =
                """
                # a comment
                policy: support
                instructions: "Help."
                script:
                  - text: 'Done'   # the end
                tools:
                  - orders.lookup
                limits: {toolCalls: 50, modelCalls: 25}
                version: "1.0.0"
                model: {name: script, provider: scripted}
                name: desk
                kind: agent
                """;

        assertThat(desk(AGENT, TOOL, POLICY).digest())
                .isEqualTo(desk(POLICY, shuffled, TOOL).digest());
    }

    @Test
    @DisplayName("a change of the agent, a tool or the policy is another digest")
    void digestsCoverEverything() {
        var original = desk(TOOL, POLICY, AGENT);

        assertThat(
                        List.of(
                                desk(TOOL, POLICY, AGENT.replace("Help.", "Help well.")).digest(),
                                desk(TOOL.replace("GET", "POST"), POLICY, AGENT).digest(),
                                desk(TOOL, POLICY.replace("'A'", "'B'"), AGENT).digest()))
                .doesNotHaveDuplicates()
                .doesNotContain(original.digest());
    }

    @Test
    @DisplayName("a tool or policy that an agent does not use is no part of its digest")
    void digestsCoverNothingElse() {
        String other = TOOL.replace("orders.lookup", "orders.other");

        assertThat(desk(TOOL, POLICY, AGENT, other).digest())
                .isEqualTo(desk(TOOL, POLICY, AGENT).digest());
    }

    @Test
    void theLatestVersionIsTheHighest() {
        Definitions definitions =
                read(
                        TOOL,
                        POLICY,
                        AGENT.replace("1.0.0", "1.9.0"),
                        AGENT.replace("1.0.0", "1.10.0"),
                        AGENT.replace("1.0.0", "1.10.0-rc.1"));

        assertThat(definitions.latest("desk").orElseThrow().agent().version()).isEqualTo("1.10.0");
        assertThat(definitions.agent("desk", "1.9.0")).isPresent();
        assertThat(definitions.agent("desk", "2.0.0")).isEmpty();
        assertThat(definitions.latest("nobody")).isEmpty();
    }

    @Test
    @DisplayName("a bundle gives back the very definition that it was made of")
    void bundlesKeepEverything() {
        List<PinnedDefinition> all = READER.readDirectory(Path.of("definitions")).runnable();

        assertThat(all)
                .isNotEmpty()
                .allSatisfy(
                        one -> {
                            JsonObject bundle = READER.toBundle(one);
                            assertThat(READER.fromBundle(JsonCodec.parse(bundle.canonical())))
                                    .isEqualTo(one);
                        });
    }

    @Test
    @DisplayName("a bundle with a Java tool can be read where the host does not offer it")
    void bundlesDoNotAskForTheHost() {
        String tool = TOOL.substring(0, TOOL.indexOf("http:")) + "java: {name: orders.find}\n";
        DefinitionReader host =
                new DefinitionReader(
                        new CelExpressions(), new Schemas(), () -> Set.of("orders.find"));
        PinnedAgent agent =
                host.read(
                                List.of(
                                        new Source(
                                                "test.yaml",
                                                String.join("---\n", tool, POLICY, AGENT))))
                        .latest("desk")
                        .orElseThrow();

        PinnedDefinition back = READER.fromBundle(host.toBundle(agent));

        assertThat(back).isEqualTo(agent);
        assertThat(back.tools().get("orders.lookup").transport())
                .isEqualTo(new JavaCall("orders.find", Duration.ofSeconds(30)));
    }

    @Test
    @DisplayName("a bundle that was tampered with is refused")
    void bundlesProveThemselves() {
        JsonObject bundle = READER.toBundle(desk(TOOL, POLICY, AGENT));
        Json forged =
                JsonCodec.parse(
                        bundle.canonical()
                                .replace("require_approval", "allow")
                                .replaceAll("\"approval\":\\{[^}]*},", ""));

        assertThatThrownBy(() -> READER.fromBundle(forged))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("bundle.digest: the bundle is not what its digest names");
    }

    @Test
    @DisplayName("a bundle is read as strictly as a file")
    void bundlesAreRead() {
        Map<String, Json> members =
                new LinkedHashMap<>(READER.toBundle(desk(TOOL, POLICY, AGENT)).members());
        members.put("extra", Json.number(1));
        members.remove("policy");

        assertThatThrownBy(() -> READER.fromBundle(new JsonObject(members)))
                .hasMessageContaining("bundle/extra: bundle: unknown field 'extra'")
                .hasMessageContaining("bundle: bundle: 'policy' is missing");
        assertThatThrownBy(() -> READER.fromBundle(Json.text("x")))
                .hasMessageContaining(
                        "expected an object with digest, agent, workflow, tools, policy");
    }

    @Test
    void scalarsAreThoseOfTheCoreSchema() {
        AgentDefinition agent =
                desk(
                                TOOL.replace(
                                        "properties: {id: {type: string}}",
                                        "properties: {id: {enum: [yes, on, 0x1F, 0o17, 1e3, ~,"
                                                + " 'a']}}"),
                                POLICY,
                                AGENT.replace("Help.", "|\n  Two\n  lines"))
                        .agent();

        assertThat(agent.instructions()).isEqualTo("Two\nlines\n");
        assertThat(
                        desk(
                                        TOOL.replace(
                                                "properties: {id: {type: string}}",
                                                "properties: {id: {enum: [yes, on, 0x1F, 0o17, 1e3,"
                                                        + " ~, 'a']}}"),
                                        POLICY,
                                        AGENT)
                                .tool("orders.lookup")
                                .orElseThrow()
                                .input()
                                .canonical())
                .contains("{\"enum\":[\"yes\",\"on\",31,15,1000,null,\"a\"]}");
    }

    @Test
    void anchorsMaySpareRepetition() {
        String twice =
                """
                kind: agent
                name: desk
                version: 1.0.0
                model: {provider: scripted}
                instructions: Help.
                policy: support
                input: &shape {schema: {type: object}}
                output: *shape
                script: [{text: Done}]
                """;

        AgentDefinition agent = desk(POLICY, twice).agent();

        assertThat(agent.output()).isEqualTo(agent.input()).isPresent();
    }

    @Test
    @DisplayName("all problems of a load are told at once, in the order of the files")
    void allProblemsAtOnce() {
        Source first = new Source("a.yaml", TOOL.replace("sideEffect: read\n", ""));
        Source second =
                new Source(
                        "b.yaml",
                        AGENT.replace("policy: support", "polici: support") + "---\n" + POLICY);

        assertThatThrownBy(() -> READER.read(List.of(first, second)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> {
                            var problem = refused.problem();
                            assertThat(problem.code()).isEqualTo(ProblemCode.INVALID_DEFINITION);
                            assertThat(problem.field()).contains("a.yaml:1");
                            assertThat(problem.violations())
                                    .extracting(violation -> violation.field())
                                    .containsExactly("a.yaml:1", "b.yaml:1", "b.yaml:7");
                            assertThat(problem.detail())
                                    .startsWith("The definitions have 3 problems:\n");
                        });
    }

    @Test
    @DisplayName("a file that cannot be read does not make everything else look undefined")
    void noEchoes() {
        Source broken = new Source("a.yaml", "kind: tool\nname: [");
        Source agent = new Source("b.yaml", AGENT + "---\n" + POLICY);

        assertThatThrownBy(() -> READER.read(List.of(broken, agent)))
                .hasMessageContaining("a.yaml:2: malformed YAML")
                .hasMessageNotContaining("b.yaml");
    }

    @Test
    void aDirectoryIsReadInTheOrderOfItsNames(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("b.yaml"), AGENT);
        Files.writeString(directory.resolve("a.yml"), TOOL + "---\n" + POLICY);
        Files.writeString(directory.resolve("notes.txt"), "not a definition");
        Files.writeString(directory.resolve(".hidden.yaml"), "kind: nonsense");
        Files.createDirectory(directory.resolve("more.yaml"));

        assertThat(READER.readDirectory(directory).latest("desk")).isPresent();
    }

    @Test
    void anUnreadableDirectoryOrFileIsAProblem(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Files.write(directory.resolve("latin1.yaml"), new byte[] {'#', (byte) 0xE9});

        assertThatThrownBy(() -> READER.readDirectory(missing))
                .hasMessageContaining("expected a readable directory");
        assertThatThrownBy(() -> READER.readDirectory(directory))
                .hasMessageContaining("latin1.yaml: expected a text in UTF-8");
    }

    @Test
    void nothingDefinesNothing() {
        assertThat(read("").agents()).isEmpty();
        assertThat(read("# only a comment\n").agents()).isEmpty();
        assertThat(READER.read(List.of()).agents()).isEmpty();
    }
}
