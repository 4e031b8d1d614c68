package dev.signalbox.runtime.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Schemas;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.memory.MemoryDatabase;
import dev.signalbox.support.Journals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What events show of a run's values.
class EventContentsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final String NAME = "Ann Planted";
    private static final String EMAIL = "ann@planted.example";
    private static final String PASSWORD = "planted-hunter2";

    private static final String DEFINITION =
            """
            kind: policy
            name: all
            default: allow
            ---
            kind: tool
            name: crm.find
            description: Finds a customer.
            input: {type: object, properties: {id: {type: string}}}
            output: {type: object, properties: {email: {type: string, x-sensitive: true}}}
            sideEffect: read
            idempotency: natural
            http: {method: POST, url: "http://crm.example/find"}
            ---
            kind: agent
            name: greeter
            version: 1.0.0
            model: {provider: scripted}
            instructions: You greet.
            tools: [crm.find]
            policy: all
            limits: {modelCalls: 3, toolCalls: 3, wallClock: PT10M}
            input:
              schema:
                type: object
                properties:
                  name: {type: string, x-sensitive: true}
                  people:
                    type: array
                    items: {type: object, properties: {name: {type: string, x-sensitive: true}}}
            script: [{text: "hello"}]
            """;

    private final MemoryDatabase store = new MemoryDatabase(() -> NOW);
    private final DefinitionReader reader =
            new DefinitionReader(new CelExpressions(), new Schemas());
    private final EventContents contents =
            new EventContents(
                    store.runs(),
                    new RunSchemas(store.definitions(), reader),
                    new SensitiveTexts(store.runs(), Redactor.DEFAULT),
                    Redactor.DEFAULT);

    @Test
    void whatIsSensitiveInOneValueIsTakenOutOfAllThatTheRunSays() {
        Journals run = gossip(defined());

        String shown = shown(run, true);

        assertThat(shown)
                .doesNotContain(NAME, EMAIL, PASSWORD)
                .contains("[redacted]", "Lisbon", "C-17");
    }

    @Test
    void withoutTheSafetyEverythingIsShown() {
        Journals run = gossip(defined());

        assertThat(shown(run, false)).contains(NAME, EMAIL, PASSWORD).doesNotContain("[redacted]");
    }

    @Test
    void whatNobodyCanJudgeIsLeftOut() {
        DefinitionRef unknown = new DefinitionRef(defined().kind(), "gone", "1.0.0", RUNAWAY);
        Journals run = gossip(unknown);

        String shown = shown(run, true);

        assertThat(shown)
                .doesNotContain(NAME, EMAIL, PASSWORD, "Lisbon", "C-17")
                .contains("run_failed", "sha256:");
    }

    @Test
    void moreThanCanBeLookedForIsLeftOutAltogether() {
        String people =
                IntStream.range(0, 400)
                        .mapToObj("{\"name\": \"Person Number %s\"}"::formatted)
                        .collect(
                                Collectors.joining(
                                        ",", "{\"people\": [", "], \"city\": \"Lisbon\"}"));
        Journals run =
                Journals.of(defined(), "default", people, NOW)
                        .started()
                        .add(new RunEvent.RunFailed(new RunError("x", "Person Number 17 is gone")))
                        .into(store.runs(), store.leases());

        assertThat(shown(run, true)).doesNotContain("Person Number", "Lisbon");
    }

    private static final dev.signalbox.domain.id.Digest RUNAWAY =
            dev.signalbox.domain.id.Digest.of("nobody has it");

    private DefinitionRef defined() {
        PinnedDefinition agent =
                reader.read(List.of(new Source("greeter.yaml", DEFINITION))).runnable().getFirst();
        store.definitions()
                .apply(List.of(new StoredDefinition(agent.ref(), reader.toBundle(agent), NOW)))
                .await()
                .atMost(SOON);
        return agent.ref();
    }

    /// A run in which everybody repeats what they have heard.
    private Journals gossip(DefinitionRef definition) {
        return Journals.of(
                        definition,
                        "default",
                        "{\"name\": \"%s\", \"password\": \"%s\", \"city\": \"Lisbon\"}"
                                .formatted(NAME, PASSWORD),
                        NOW)
                .started()
                .proposes("crm.find", "{\"id\": \"C-17\", \"note\": \"for %s\"}".formatted(NAME))
                .policy(Verdict.ALLOW, "all", "the call for " + NAME + " is allowed")
                .sent()
                .result("{\"email\": \"%s\", \"id\": \"C-17\"}".formatted(EMAIL))
                .says("I wrote to " + EMAIL + " with " + PASSWORD)
                .proposes(
                        "crm.find",
                        "{\"id\": \"C-17\", \"texts\": [\"%s\", {\"%s\": \"%s\"}]}"
                                .formatted(EMAIL, EMAIL, PASSWORD))
                .add(
                        new RunEvent.RunFailed(
                                new RunError("x", NAME + " (" + EMAIL + ", " + PASSWORD + ")")))
                .into(store.runs(), store.leases());
    }

    private String shown(Journals journals, boolean piiSafe) {
        RunSummary run = store.runs().find(journals.id()).await().atMost(SOON).orElseThrow();
        List<JournalEntry> entries =
                store.runs().journal(journals.id(), 0, 100).await().atMost(SOON);
        var content = contents.of(run, entries, piiSafe).await().atMost(SOON);
        return entries.stream()
                .map(
                        entry ->
                                entry.type()
                                        + content.apply(entry).data().canonical()
                                        + content.apply(entry).values().canonical())
                .collect(Collectors.joining("\n"));
    }
}
