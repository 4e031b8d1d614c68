package dev.signalbox.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What [DefinitionStore] promises.
public abstract class DefinitionStoreContract extends StoreContract {

    private DefinitionStore definitions() {
        return backend().definitions();
    }

    @Test
    void aDefinitionIsFoundByItsDigest() {
        StoredDefinition definition = definition("agent", "1.0.0", "a");
        apply(definition);

        Optional<StoredDefinition> found = get(definitions().find(definition.ref().digest()));

        assertThat(found).contains(definition);
        assertThat(get(definitions().find(Digest.of("none")))).isEmpty();
    }

    @Test
    void aNameMeansItsHighestVersion() {
        StoredDefinition highest = definition("agent", "1.10.0", "b");
        apply(
                definition("agent", "1.9.0", "a"),
                highest,
                definition("agent", "1.10.0-rc.1", "c"),
                definition("agent", "0.99.0", "d"),
                definition("another", "9.0.0", "e"));

        Optional<StoredDefinition> found =
                get(definitions().resolve(name("agent"), Optional.empty()));

        assertThat(found).contains(highest);
    }

    @Test
    void aVersionMeansWhatWasAppliedLast() {
        StoredDefinition first = definition("agent", "1.0.0", "a");
        StoredDefinition second = definition("agent", "1.0.0", "b");
        apply(first, second);

        Optional<StoredDefinition> newest = resolve("1.0.0");
        apply(first);
        Optional<StoredDefinition> again = resolve("1.0.0");

        assertThat(newest).contains(second);
        assertThat(again).contains(first);
        assertThat(get(definitions().find(second.ref().digest()))).contains(second);
    }

    @Test
    void whatNobodyAppliedMeansNothing() {
        apply(definition("agent", "1.0.0", "a"));

        Optional<StoredDefinition> found = resolve("2.0.0");

        assertThat(found).isEmpty();
        assertThat(get(definitions().resolve(name("none"), Optional.empty()))).isEmpty();
    }

    @Test
    void theNewestOfEveryNameAndVersionIsListedByName() {
        StoredDefinition old = definition("b", "1.0.0", "a");
        StoredDefinition fresh = definition("b", "1.0.0", "b");
        StoredDefinition next = definition("b", "1.10.0", "c");
        StoredDefinition before = definition("b", "1.9.0", "d");
        StoredDefinition other = definition("a", "1.0.0", "e");
        apply(old, fresh, next, before, other);

        List<DefinitionRef> all = get(definitions().list());

        assertThat(all)
                .filteredOn(ref -> ref.name().startsWith(tenant))
                .containsExactly(other.ref(), fresh.ref(), before.ref(), next.ref());
    }

    @Test
    void applyingNothingAndApplyingAtOnceAreFine() {
        apply();
        StoredDefinition left = definition("agent", "1.0.0", "a");
        StoredDefinition right = definition("agent", "2.0.0", "b");

        atOnce(
                8,
                number -> {
                    apply(number % 2 == 0 ? List.of(left, right) : List.of(right, left, right));
                    return number;
                });

        assertThat(resolve("1.0.0")).contains(left);
        assertThat(resolve("2.0.0")).contains(right);
    }

    @Test
    void whatAnOperatorPublishesIsThereWithItsRecord() {
        StoredDefinition known = definition("agent", "1.0.0", "a");
        StoredDefinition fresh = definition("agent", "1.1.0", "b");
        apply(known);
        AuditRecord audit = audit(operator("alice"), "definition.apply", Optional.empty());

        get(definitions().publish(List.of(known, fresh), audit));

        assertThat(resolve("1.0.0")).contains(known);
        assertThat(resolve("1.1.0")).contains(fresh);
        assertThat(audited()).containsExactly(audit);
    }

    @Test
    void aVersionThatIsThereNeverChanges() {
        StoredDefinition known = definition("agent", "1.0.0", "a");
        StoredDefinition fresh = definition("agent", "1.1.0", "b");
        apply(known);

        assertRefused(
                ProblemCode.VERSION_TAKEN,
                () -> get(publishing(fresh, definition("agent", "1.0.0", "c"))));

        assertThat(resolve("1.0.0")).contains(known);
        assertThat(resolve("1.1.0")).isEmpty();
        assertThat(audited()).isEmpty();
    }

    @Test
    void ofSeveralWhoPublishTheSameVersionOneWins() {
        List<Boolean> published =
                atOnce(
                        6,
                        number ->
                                succeeds(
                                        publishing(
                                                definition(
                                                        "agent", "1.0.0", "content " + number))));

        assertThat(published).filteredOn(won -> won).hasSize(1);
        assertThat(audited()).hasSize(1);
    }

    private Uni<Void> publishing(StoredDefinition... all) {
        return definitions()
                .publish(
                        List.of(all),
                        audit(operator("alice"), "definition.apply", Optional.empty()));
    }

    private void apply(StoredDefinition... all) {
        apply(List.of(all));
    }

    private void apply(List<StoredDefinition> all) {
        get(definitions().apply(all));
    }

    private Optional<StoredDefinition> resolve(String version) {
        return get(definitions().resolve(name("agent"), Optional.of(version)));
    }

    private String name(String name) {
        return tenant + "-" + name;
    }

    private StoredDefinition definition(String name, String version, String content) {
        JsonObject bundle =
                new JsonObject(
                        Map.of(
                                "name", Json.text(name(name)),
                                "version", Json.text(version),
                                "content", Json.text(content + "\0")));
        return new StoredDefinition(
                new DefinitionRef(DefinitionRef.Kind.AGENT, name(name), version, bundle.digest()),
                bundle,
                micros(Instant.now()));
    }
}
