package dev.signalbox.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.definition.CelExpressions;
import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.HostTools;
import dev.signalbox.definition.Schemas;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.runtime.PinnedDefinitions.Pinned;
import dev.signalbox.runtime.PinnedDefinitions.Pinned.Blocked;
import dev.signalbox.runtime.PinnedDefinitions.Pinned.Usable;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.store.memory.MemoryDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A pinned definition is of use to a worker whose code has every Java tool that it needs, and says
/// to any other what is missing.
class DefinitionLibraryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final HostTools DESK = () -> Set.of("orders.find");

    private static final String DOCUMENTS =
            """
            kind: tool
            name: orders.lookup
            description: Looks an order up.
            input: {type: object}
            sideEffect: external_write
            idempotency: key
            java: {name: orders.find, timeout: PT5S}
            ---
            kind: policy
            name: support
            allow: ["orders.*"]
            ---
            kind: agent
            name: desk
            version: 1.0.0
            model: {provider: scripted}
            instructions: Help.
            tools: [orders.lookup]
            policy: support
            script: [{text: Done}]
            """;

    private final MemoryDatabase store = new MemoryDatabase(() -> NOW);
    private final PinnedAgent agent =
            reader(DESK).read(List.of(new Source("desk.yaml", DOCUMENTS))).latest("desk").orElseThrow();

    @BeforeEach
    void apply() {
        StoredDefinition stored =
                new StoredDefinition(agent.ref(), reader(DESK).toBundle(agent), NOW);
        store.definitions().apply(List.of(stored)).await().atMost(PATIENCE);
    }

    @Test
    void aHostWithTheToolCanUseIt() {
        assertThat(find(DESK, agent.digest())).isEqualTo(new Usable(agent));
    }

    @Test
    void aHostWithoutTheToolSaysWhichOneItLacks() {
        assertThat(find(HostTools.NONE, agent.digest()))
                .isEqualTo(
                        new Blocked(
                                "The definition that the run pins needs the Java tool"
                                        + " 'orders.find', which the worker that took the run does"
                                        + " not offer."));
    }

    @Test
    void aDefinitionThatIsGoneIsSaidToBeGone() {
        assertThat(find(DESK, Digest.of("another")))
                .isEqualTo(new Blocked("The definition that the run pins is not in the store."));
    }

    private Pinned find(HostTools hostTools, Digest digest) {
        return new DefinitionLibrary(store.definitions(), reader(hostTools), hostTools)
                .find(digest)
                .await()
                .atMost(PATIENCE);
    }

    private static DefinitionReader reader(HostTools hostTools) {
        return new DefinitionReader(new CelExpressions(), new Schemas(), hostTools);
    }
}
