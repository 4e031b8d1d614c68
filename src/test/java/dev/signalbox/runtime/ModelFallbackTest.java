package dev.signalbox.runtime;

import static dev.signalbox.runtime.EngineFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.support.SampleAgents;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who is asked when a model does not answer.
class ModelFallbackTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-1"));

    private final EngineFixture engine = new EngineFixture(agent());

    @Test
    void aModelThatRefusesIsReplacedAtOnce() {
        engine.replies.add(new ModelReply.Refused("quota_exhausted", "no money"));
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(asked()).containsExactly("first", "second");
        assertThat(engine.run(id).usage().modelCalls()).isEqualTo(1);
    }

    @Test
    void aModelThatFailsIsAskedOnceMoreAndThenReplaced() {
        engine.replies.add(overloaded(Optional.empty()));
        engine.replies.add(overloaded(Optional.empty()));
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();
        engine.now = engine.now.plusSeconds(2);
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(asked()).containsExactly("first", "first", "second");
    }

    @Test
    void nobodyWaitsForAModelThatWantsToBeLeftAloneForLong() {
        engine.replies.add(overloaded(Optional.of(Duration.ofMinutes(5))));
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(asked()).containsExactly("first", "second");
    }

    @Test
    void theLastModelIsWaitedFor() {
        engine.replies.add(new ModelReply.Refused("forbidden", "no"));
        engine.replies.add(new ModelReply.Refused("forbidden", "no"));
        engine.replies.add(overloaded(Optional.of(Duration.ofMinutes(5))));
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();
        assertThat(engine.run(id).status()).isEqualTo(RunStatus.WAITING);
        engine.now = engine.now.plus(Duration.ofMinutes(5));
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(asked()).containsExactly("first", "second", "third", "third");
    }

    @Test
    void whenAllRefuseTheRunFailsWithWhatTheLastOneSaid() {
        engine.replies.add(new ModelReply.Refused("forbidden", "no"));
        engine.replies.add(new ModelReply.Refused("forbidden", "no"));
        engine.replies.add(new ModelReply.Refused("quota_exhausted", "no money"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).error().map(RunError::code)).contains("quota_exhausted");
    }

    @Test
    void anotherWorkerStaysWithTheModelThatWasTurnedTo() {
        engine.replies.add(new ModelReply.Refused("quota_exhausted", "no money"));
        engine.replies.add(overloaded(Optional.empty()));
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();
        engine.now = engine.now.plusSeconds(2);
        engine.worker = engine.newWorker();
        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(asked()).containsExactly("first", "second", "second");
    }

    private List<String> asked() {
        return engine.requests.stream().map(request -> request.model().name()).toList();
    }

    private static ModelReply overloaded(Optional<Duration> retryAfter) {
        return new ModelReply.TryAgain("overloaded", "529", retryAfter);
    }

    private static PinnedAgent agent() {
        PinnedAgent sample = SampleAgents.agent(model("first"), List.of(), Optional.empty());
        AgentDefinition agent = sample.agent();
        return new PinnedAgent(
                sample.digest(),
                new AgentDefinition(
                        agent.name(),
                        agent.version(),
                        agent.model(),
                        List.of(model("second"), model("third")),
                        agent.instructions(),
                        agent.tools(),
                        agent.policy(),
                        agent.limits(),
                        agent.input(),
                        agent.output(),
                        agent.verify(),
                        agent.script()),
                sample.tools(),
                sample.policy());
    }

    private static ModelRef model(String name) {
        return new ModelRef(Provider.OPENAI, name, Optional.empty(), Optional.empty());
    }
}
