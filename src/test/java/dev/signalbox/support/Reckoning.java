package dev.signalbox.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.support.Caller.Answer;
import dev.signalbox.support.EffectCounter.Call;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.JsonCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What must be true of a load after whatever was done to Signalbox: every run that was accepted
/// has
/// ended, every effect has happened once, and every journal is whole.
public final class Reckoning {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PAGE = 200;

    private final Load load;
    private final Caller operator;
    private final EffectCounter effects;
    private final Set<String> reconciled = new HashSet<>();

    private Reckoning(Load load, Caller operator, EffectCounter effects) {
        this.load = load;
        this.operator = operator;
        this.effects = effects;
    }

    /// Waits until every run has ended and looks at all of them. A run that is held because nobody
    /// knows whether an effect happened is reconciled, with what the other side knows.
    ///
    /// @return how many runs had to be reconciled
    public static int of(Load load, Caller operator, EffectCounter effects) {
        return new Reckoning(load, operator, effects).reckon();
    }

    private int reckon() {
        await("all runs of " + load.name())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(this::allEnded);
        nothingLostOrDoubled();
        load.accepted().keySet().parallelStream().forEach(this::whole);
        return reconciled.size();
    }

    private void allEnded() {
        List<JsonNode> runs = runs();
        runs.stream()
                .filter(run -> run.path("status").asText().equals("held"))
                .map(run -> run.path("id").asText())
                .filter(reconciled::add)
                .forEach(this::reconcile);
        assertThat(runs)
                .filteredOn(run -> !run.path("status").asText().equals("completed"))
                .extracting(run -> run.path("id") + " " + run.path("status") + run.path("error"))
                .isEmpty();
        assertThat(runs.stream().map(run -> run.path("id").asText()))
                .containsExactlyInAnyOrderElementsOf(load.accepted().keySet());
    }

    private List<JsonNode> runs() {
        List<JsonNode> runs = new ArrayList<>();
        String cursor = "";
        do {
            Answer page =
                    operator.get(
                            "/operator/v1/runs?limit=%d&label=load:%s%s"
                                    .formatted(PAGE, load.name(), cursor));
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.json().path("items").forEach(runs::add);
            cursor =
                    page.json().hasNonNull("nextCursor")
                            ? "&cursor=" + page.at("/nextCursor")
                            : "";
        } while (!cursor.isEmpty());
        return runs;
    }

    private void reconcile(String run) {
        JsonNode hold =
                journal(run).stream()
                        .filter(event -> event.path("type").asText().equals("run_held"))
                        .reduce((_, last) -> last)
                        .orElseThrow()
                        .at("/data/hold");
        String effect = hold.path("effectId").asText();
        assertThat(effect).as("why " + run + " is held: " + hold).isNotBlank();
        assertThat(hold.path("detail").asText()).isNotBlank();
        boolean happened = effects.calls().stream().anyMatch(call -> call.key().equals(effect));
        Answer answer =
                operator.post(
                        "/operator/v1/runs/" + run + "/reconcile",
                        """
                        {"effectId": "%s", %s, "reason": "the other side says so"}"""
                                .formatted(
                                        effect,
                                        happened
                                                ? "\"outcome\": \"happened\", \"result\": {}"
                                                : "\"outcome\": \"did_not_happen\""));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }

    private void nothingLostOrDoubled() {
        Map<String, List<Call>> byRef =
                effects.calls().stream().collect(Collectors.groupingBy(Call::ref));
        List<String> wrong = new ArrayList<>();
        load.accepted()
                .forEach(
                        (run, ref) -> {
                            List<Call> calls = byRef.getOrDefault(ref, List.of());
                            long keys =
                                    calls.stream()
                                            .filter(call -> call.tool().equals("key"))
                                            .map(Call::key)
                                            .distinct()
                                            .count();
                            long once =
                                    calls.stream()
                                            .filter(call -> call.tool().equals("once"))
                                            .count();
                            if (keys != 2 || once != 1) {
                                wrong.add(run + " " + calls);
                            }
                        });
        assertThat(wrong).as("runs whose effects were lost or doubled").isEmpty();
    }

    /// The chain verifies, and the journal is a legal history up to the run's end.
    private void whole(String run) {
        List<JournalEntry> entries = journal(run).stream().map(Reckoning::entry).toList();
        Digest previous = JournalEntry.GENESIS;
        long seq = 0;
        for (JournalEntry entry : entries) {
            assertThat(entry.seq()).isEqualTo(++seq);
            assertThat(entry.prevHash()).as("%s at %d", run, seq).isEqualTo(previous);
            assertThat(entry.intact()).as("%s at %d", run, seq).isTrue();
            previous = entry.hash();
        }
        assertThat(RunFold.fold(entries.stream().map(EventCodec::placed).toList()).status())
                .as(run)
                .satisfies(status -> assertThat(status.terminal()).isTrue());
    }

    private List<JsonNode> journal(String run) {
        Answer answer = operator.get("/operator/v1/runs/" + run + "/journal?limit=" + PAGE);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        List<JsonNode> events = new ArrayList<>();
        answer.json().path("items").forEach(events::add);
        return events;
    }

    /// The entry that the operator plane shows as `event`.
    public static JournalEntry entry(JsonNode event) {
        return new JournalEntry(
                RunId.of(event.path("runId").asText()),
                event.path("seq").asLong(),
                Instant.parse(event.path("at").asText()),
                event.path("type").asText(),
                Optional.ofNullable(event.path("effectId").textValue()).map(EffectId::new),
                JsonCodec.parseObject(event.path("data").toString()),
                new Digest(event.path("prevHash").asText()),
                new Digest(event.path("hash").asText()));
    }
}
