package dev.signalbox.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.runtime.TakeOver;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import dev.signalbox.wire.JsonCodec;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/// Is the cost of a step the same in a long run? One run alone, of more and more steps.
@QuarkusTest
@TestProfile(BenchProfile.class)
class LongRunBench {

    /// A run may ask its model ten thousand times, and the last answer is no step.
    private static final List<Integer> LENGTHS = List.of(100, 1_000, 9_999);

    private static final int WARM_UP = 8;
    private static final long WARM_UP_MILLIS = 3_000;
    private static final long PATIENCE_SECONDS = Long.getLong("bench.patience", 60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject Engine engine;
    @Inject DefinitionStore definitions;
    @Inject TakeOver takeOver;

    @ConfigProperty(name = "quarkus.datasource.jdbc.url")
    String url;

    @Test
    void longerAndLonger() throws Exception {
        Report report =
                new Report("longrun")
                        .table(
                                "definition",
                                "steps of the run",
                                "ms a step",
                                "CPU ms a step: ours",
                                "CPU ms a step: PostgreSQL",
                                "table bytes a step",
                                "WAL bytes a step",
                                "to take it over: ms");
        try (Database database = new Database(url);
                Profile profile = Profile.start(database)) {
            for (DefinitionRef brief : Workloads.ofTenSteps(engine)) {
                WarmUp.untilSteady(
                        LongRunBench::cpu,
                        () -> ClosedLoop.run(WARM_UP, WARM_UP_MILLIS, () -> engine.complete(brief)));
                for (int length : LENGTHS) {
                    DefinitionRef definition = longer(brief, length);
                    if (length == LENGTHS.getLast()) {
                        profile.begin();
                    }
                    measure(report, database, definition, length);
                }
            }
        }
        report.write();
    }

    private void measure(Report report, Database database, DefinitionRef definition, int length) {
        database.execute("CHECKPOINT");
        RunId run = engine.newId();
        Figures figures =
                Figures.of(
                        database, LongRunBench::cpu, 1, () -> one(database, definition, run, length));
        int steps = figures.times().count();
        if (steps < length) {
            report.note(
                    "of %d steps %s had taken %d after %d s"
                            .formatted(length, definition.name(), steps, PATIENCE_SECONDS));
        }
        report.row(
                definition.name(),
                steps,
                figures.times().elapsed() / 1e6 / steps,
                figures.cpuMillisPerRun(),
                figures.databaseMillisPerRun(),
                figures.tableBytesPerStep(),
                figures.walBytesPerStep(),
                takeOver.millis(run));
    }

    /// One run; each of its steps counts as a call.
    private Times one(Database database, DefinitionRef definition, RunId run, int length) {
        long from = System.nanoTime();
        int steps = length;
        try {
            engine.submit(definition, run, RunStatus.COMPLETED)
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException _) {
            steps =
                    (int)
                            database.number(
                                    "SELECT head_seq / 5 FROM runs ORDER BY id DESC LIMIT 1");
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
        long elapsed = System.nanoTime() - from;
        return Times.of(elapsed, Collections.nCopies(steps, elapsed / steps));
    }

    /// The same definition with its first step again and again.
    private DefinitionRef longer(DefinitionRef brief, int length) throws Exception {
        StoredDefinition stored =
                definitions
                        .resolve(brief.name(), Optional.empty())
                        .await()
                        .indefinitely()
                        .orElseThrow();
        String name = brief.name() + "-" + length;
        ObjectNode bundle = (ObjectNode) JSON.readTree(stored.bundle().canonical());
        boolean workflow = bundle.has("workflow");
        ObjectNode document = (ObjectNode) bundle.get(workflow ? "workflow" : "agent");
        document.put("name", name);
        ObjectNode limits = ((ObjectNode) document.get("limits")).put("wallClock", "PT1H");
        limits.put("toolCalls", length + 1);
        if (workflow) {
            document.set("steps", chain((ObjectNode) document.get("steps").get(0), length));
        } else {
            limits.put("modelCalls", length + 1);
            document.set("script", turns((ArrayNode) document.get("script"), length));
        }
        bundle.remove("digest");
        Digest digest = JsonCodec.parseObject(JSON.writeValueAsString(bundle)).digest();
        bundle.put("digest", digest.value());
        JsonObject longer = JsonCodec.parseObject(JSON.writeValueAsString(bundle));
        DefinitionRef ref = new DefinitionRef(brief.kind(), name, brief.version(), digest);
        definitions
                .apply(List.of(new StoredDefinition(ref, longer, stored.appliedAt())))
                .await()
                .indefinitely();
        return ref;
    }

    private static ArrayNode turns(ArrayNode script, int length) {
        ArrayNode turns = JSON.createArrayNode();
        for (int turn = 0; turn < length; turn++) {
            turns.add(script.get(0));
        }
        return turns.add(script.get(script.size() - 1));
    }

    /// Each step needs the one before.
    private static ArrayNode chain(ObjectNode first, int length) {
        ArrayNode steps = JSON.createArrayNode();
        for (int number = 0; number < length; number++) {
            ObjectNode step = first.deepCopy().put("id", "s" + number);
            if (number > 0) {
                step.putArray("needs").add("s" + (number - 1));
            }
            steps.add(step);
        }
        return steps;
    }

    private static long cpu() {
        return Machine.cpuNanos(ProcessHandle.current().pid());
    }
}
