package dev.signalbox.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every wrong document gets exactly the message that stands beside it in
/// `src/test/resources/definitions/wrong.txt`.
///
/// The file is a list of cases: `### title`, the document, `=>`, the problems, one a line.
/// Documents
/// stand on a ground of right ones, see `ground.yaml`. Run with `-Dgolden.write=true` to write
/// what is said now into the file, and read the difference.
class WrongDefinitionsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/definitions/wrong.txt");
    private static final Path GROUND = Path.of("src/test/resources/definitions/ground.yaml");
    private static final DefinitionReader READER =
            new DefinitionReader(
                    new CelExpressions(), new Schemas(), () -> Set.of("orders.find", "orders.list"));

    record Case(String title, String document, String problems) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String block : Files.readString(GOLDEN).split("(?m)^### ", -1)) {
            if (!block.isBlank()) {
                String[] parts = block.split("\n", 2);
                String[] halves = parts[1].split("(?m)^=>\n", 2);
                cases.add(
                        new Case(parts[0], halves[0], halves.length > 1 ? halves[1].strip() : ""));
            }
        }
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(
                    GOLDEN,
                    cases.stream()
                            .map(
                                    wrong ->
                                            "### %s\n%s=>\n%s\n\n"
                                                    .formatted(
                                                            wrong.title(),
                                                            wrong.document(),
                                                            problems(wrong)))
                            .collect(Collectors.joining()));
        }
        return cases;
    }

    static String problems(Case wrong) {
        try {
            READER.read(
                    List.of(
                            new Source("wrong.yaml", wrong.document()),
                            new Source("ground.yaml", Files.readString(GROUND))));
            return "accepted";
        } catch (ProblemException refused) {
            return refused.problem().violations().stream()
                    .map(violation -> violation.field() + ": " + violation.expected())
                    .collect(Collectors.joining("\n"));
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    @DisplayName("a wrong document is refused with its line, what was found and what was expected")
    void refused(Case wrong) {
        assertThat(problems(wrong)).isEqualTo(wrong.problems()).isNotEqualTo("accepted");
    }

    @ParameterizedTest
    @MethodSource("bombs")
    @DisplayName("documents that would grow out of bounds are cut off")
    void bounded(String document) {
        assertThat(problems(new Case("bomb", document, ""))).contains("wrong.yaml:");
    }

    static Stream<String> bombs() {
        StringBuilder laughs =
                new StringBuilder("kind: agent\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int level = 1; level < 12; level++) {
            laughs.append("a%d: &a%d [".formatted(level, level))
                    .append(("*a" + (level - 1) + ", ").repeat(9))
                    .append("]\n");
        }
        StringBuilder deep = new StringBuilder("kind: agent\n");
        for (int level = 0; level < 100; level++) {
            deep.append("a%d: &a%d ".formatted(level, level))
                    .append("[".repeat(40))
                    .append(level == 0 ? "x" : "*a" + (level - 1))
                    .append("]".repeat(40))
                    .append('\n');
        }
        return Stream.of(
                laughs.toString(),
                deep.toString(),
                "[".repeat(100_000),
                "a: ".repeat(50_000),
                "{a: ".repeat(5_000),
                "- ".repeat(10_000),
                "x".repeat(1_000_001),
                "a: &a [*a]",
                "a: " + "9".repeat(100_000),
                "a: 1e999999999");
    }
}
