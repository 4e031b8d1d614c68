package dev.signalbox.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.ToolCall;
import dev.signalbox.support.Caller;
import dev.signalbox.support.Caller.Answer;
import dev.signalbox.support.EffectCounter.Call;
import dev.signalbox.support.KillAtBoundary;
import dev.signalbox.support.Reckoning;
import dev.signalbox.support.SignalboxProcess;
import dev.signalbox.support.Yard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packaged application over PostgreSQL and a broker, sent a `SIGKILL` by an agent in its JVM at
/// every boundary of one run, and started again.
@Tag("crash")
class KilledProcessIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int KILLED = 128 + 9;
    private static final int SAMPLE = 2;
    private static final int TRIES = 3;
    private static final int ACCEPTED = 202;
    private static final int TOO_LATE = 409;
    private static final String NOTHING = "-";

    @TempDir Path files;

    private final Set<String> reconciled = new HashSet<>();
    private Yard yard;
    private SignalboxProcess process;

    @Test
    void a_kill_at_any_boundary_of_the_process_changes_nothing() throws IOException {
        yard = Yard.open("killed");
        try {
            process =
                    yard.worker("killed")
                            .with("SIGNALBOX_DEFINITIONS", Reference.DIRECTORY.toString())
                            .with("SIGNALBOX_RUNTIME_LEASE", "PT3S")
                            .with("SIGNALBOX_QUEUE_RESEND", "PT1S")
                            .option(KillAtBoundary.option(plan(), log()));
            sweep();
        } finally {
            yard.close();
        }
    }

    private void sweep() throws IOException {
        // Given
        start(NOTHING, NOTHING);
        String undisturbed = submit("undisturbed");
        finish(undisturbed);
        List<String> boundaries = passed().map(line -> line[0]).toList();
        Map<String, Object> expected = end(undisturbed, "undisturbed");
        process.kill();
        System.out.printf("undisturbed: %d boundaries, %s%n", boundaries.size(), expected);

        // When
        List<String> places = sampled(boundaries);
        List<String> missed = new ArrayList<>();
        long begun = System.nanoTime();
        int tries = 0;
        start(NOTHING, places.getFirst());
        for (int number = 0; number < places.size(); ) {
            String place = places.get(number);
            String ref = "at-" + number + "-" + ++tries;
            String run = submitted(ref);
            boolean fired = killed(run);
            System.out.printf(
                    "%3d of %d, %6.1f s: %s: %s%n",
                    number + 1,
                    places.size(),
                    (System.nanoTime() - begun) / 1e9,
                    place,
                    fired ? "killed" : "not passed this time");
            if (!fired) {
                process.kill();
            }
            if (fired || tries == TRIES) {
                if (!fired) {
                    missed.add(place);
                }
                number++;
                tries = 0;
            }
            start(run, number < places.size() ? places.get(number) : NOTHING);

            // Then
            assertThat(submit(ref)).as("the run of the same request").isEqualTo(run);
            finish(run);
            assertThat(end(run, ref)).as("killed %s", place).isEqualTo(expected);
        }
        System.out.printf(
                "%d boundaries of a real process, %d killed, %d calls reconciled, %.0f s%n",
                places.size(),
                places.size() - missed.size(),
                reconciled.size(),
                (System.nanoTime() - begun) / 1e9);
        assertThat(missed).isEmpty();
    }

    private static List<String> sampled(List<String> boundaries) {
        if (Extent.FULL) {
            return boundaries;
        }
        List<String> sample = new ArrayList<>();
        for (int number = 1; number <= SAMPLE; number++) {
            sample.add(boundaries.get(boundaries.size() * number / (SAMPLE + 1)));
        }
        return sample;
    }

    /// Starts the process, to die at `place` of any run but one.
    private void start(String leftAlone, String place) throws IOException {
        Files.deleteIfExists(log());
        Files.writeString(plan(), leftAlone + "\n" + place + "\n");
        process.start();
    }

    private Path plan() {
        return files.resolve("plan");
    }

    private Path log() {
        return files.resolve("passed");
    }

    private Stream<String[]> passed() throws IOException {
        return Files.readAllLines(log()).stream().map(line -> line.split("\t", 2));
    }

    /// The process may die before it can say which run it is.
    private String submitted(String ref) throws IOException {
        try {
            return submit(ref);
        } catch (UncheckedIOException _) {
            return passed().findFirst().orElseThrow()[1];
        }
    }

    private String submit(String ref) {
        Answer answer =
                Caller.submitter(process)
                        .post(
                                "/v1/runs",
                                """
                                {"definition": "crash-everything", "input": {"ref": "%s"}}"""
                                        .formatted(ref),
                                "Idempotency-Key",
                                ref);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.at("/id");
    }

    /// Does what only a person can do until the process is dead or the run is over.
    private boolean killed(String run) {
        await().atMost(PATIENCE)
                .pollInterval(LOOK)
                .until(
                        () -> {
                            if (!process.isAlive()) {
                                return true;
                            }
                            try {
                                return over(run);
                            } catch (RuntimeException | AssertionError dying) {
                                if (process.isAlive() && !(dying instanceof RuntimeException)) {
                                    throw dying;
                                }
                                return false;
                            }
                        });
        if (process.isAlive()) {
            return false;
        }
        assertThat(process.awaitEnd()).isEqualTo(KILLED);
        return true;
    }

    private void finish(String run) {
        await().atMost(PATIENCE).pollInterval(LOOK).until(() -> over(run));
    }

    private boolean over(String run) {
        Answer answer = Caller.operator(process).get("/operator/v1/runs/" + run);
        String status = answer.at("/status");
        if (status.equals("waiting")) {
            approve(run);
        }
        if (status.equals("held")) {
            reconcile(run);
        }
        return status.equals("completed") || status.equals("failed");
    }

    private void approve(String run) {
        Caller operator = Caller.operator(process);
        for (JsonNode approval :
                operator.get("/operator/v1/approvals?status=pending&limit=200")
                        .json()
                        .path("items")) {
            if (approval.path("runId").asText().equals(run)) {
                Answer answer =
                        operator.post(
                                "/operator/v1/approvals/"
                                        + approval.path("id").asText()
                                        + "/decisions",
                                """
                                {"decision": "approve", "callDigest": "%s", "reason": "test"}"""
                                        .formatted(approval.path("callDigest").asText()));
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            }
        }
    }

    private void reconcile(String run) {
        for (ToolCall call : state(run).progress().unknownOutcomes()) {
            String effect = call.effectId().value();
            boolean happened =
                    yard.effects().calls().stream().anyMatch(one -> one.key().equals(effect));
            String outcome =
                    happened
                            ? "\"outcome\": \"happened\", \"result\": {\"done\": true}"
                            : "\"outcome\": \"did_not_happen\"";
            Answer answer =
                    Caller.operator(process)
                            .post(
                                    "/operator/v1/runs/" + run + "/reconcile",
                                    "{\"effectId\": \"%s\", %s, \"reason\": \"it says so\"}"
                                            .formatted(effect, outcome));
            assertThat(answer.status()).as(answer.text()).isIn(ACCEPTED, TOO_LATE);
            reconciled.add(effect);
        }
    }

    private List<JournalEntry> journal(String run) {
        Answer answer =
                Caller.operator(process).get("/operator/v1/runs/" + run + "/journal?limit=200");
        List<JournalEntry> entries = new ArrayList<>();
        answer.json().path("items").forEach(event -> entries.add(Reckoning.entry(event)));
        return entries;
    }

    private RunState state(String run) {
        List<Finding> findings = new ArrayList<>();
        Optional<RunState> state = Verdict.history(journal(run), findings);
        assertThat(findings).isEmpty();
        return state.orElseThrow();
    }

    /// How the run ended and what it did, without what differs from run to run.
    private Map<String, Object> end(String run, String ref) {
        List<JournalEntry> journal = journal(run);
        assertThat(Verdict.chain(RunId.of(run), journal)).isEmpty();
        RunState state = state(run);
        JsonNode shown = Caller.operator(process).get("/operator/v1/runs/" + run).json();
        List<Call> calls =
                yard.effects().calls().stream().filter(call -> call.ref().equals(ref)).toList();
        Map<String, Object> end = new TreeMap<>();
        end.put("status", shown.path("status").asText());
        end.put("output", shown.path("output").toString());
        end.put("model calls", state.progress().usage().modelCalls());
        end.put("tool calls", state.progress().usage().toolCalls());
        end.put("revisions", state.progress().revisions());
        end.put(
                "effects",
                calls.stream()
                        .map(call -> call.tool() + " " + Frontier.place(call.key()))
                        .collect(Collectors.toCollection(TreeSet::new)));
        end.put(
                "once only",
                calls.stream()
                        .filter(
                                call ->
                                        !call.tool().equals("key") && !call.tool().equals("read"))
                        .collect(
                                Collectors.groupingBy(
                                        Call::tool, TreeMap::new, Collectors.counting())));
        return end;
    }
}
