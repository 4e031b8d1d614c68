package dev.signalbox.runtime;

import static dev.signalbox.runtime.EngineFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.agent.AgentDefinition;
import dev.signalbox.domain.agent.ModelPrice;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.agent.PriceList;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.support.SampleAgents;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What calls of models cost a run. Each answer of the fixture takes 10 tokens and gives 5.
class ModelCostTest {

    private static final Json INPUT = Json.of(Map.of("orderId", "A-1"));
    private static final PriceList PRICES =
            new PriceList(
                    List.of(
                            new ModelPrice(
                                    Provider.OPENAI,
                                    "gpt",
                                    Instant.EPOCH,
                                    new BigDecimal("2"),
                                    new BigDecimal("8"),
                                    BigDecimal.ZERO,
                                    BigDecimal.ZERO)));

    @Test
    void eachAnswerIsBookedAtItsPrice() {
        EngineFixture engine = engine(Optional.empty(), PRICES);
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).usage().costUsd()).isEqualByComparingTo("0.00006");
        assertThat(engine.run(id).usage().unpricedModelCalls()).isEmpty();
    }

    @Test
    void aModelWithoutAPriceIsNotFree() {
        EngineFixture engine = engine(Optional.empty(), PriceList.EMPTY);
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(engine.run(id).usage().unpricedModelCalls()).contains(1);
    }

    @Test
    void aLimitThatNobodyCouldCountFailsBeforeTheModelIsAsked() {
        EngineFixture engine = engine(Optional.of(BigDecimal.ONE), PriceList.EMPTY);
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.requests).isEmpty();
        assertThat(engine.run(id).error().map(RunError::code)).contains("price_unknown");
    }

    @Test
    void aRunThatHasSpentMoreThanItMayKeepsTheAnswerThatItHas() {
        EngineFixture engine = engine(Optional.of(new BigDecimal("0.00005")), PRICES);
        engine.replies.add(answer("done"));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRunThatHasSpentMoreThanItMayAsksNoModelAgain() {
        EngineFixture engine = engine(Optional.of(new BigDecimal("0.00005")), PRICES);
        engine.replies.add(EngineFixture.call("nothing", Map.of()));
        RunId id = engine.submit(INPUT);

        engine.work();

        assertThat(engine.run(id).status()).isEqualTo(RunStatus.HELD);
        assertThat(engine.run(id).hold().orElseThrow().reason()).isEqualTo(Hold.Reason.BUDGET);
        assertThat(engine.requests).hasSize(1);
    }

    private static EngineFixture engine(Optional<BigDecimal> limit, PriceList prices) {
        PinnedAgent sample =
                SampleAgents.agent(
                        new ModelRef(Provider.OPENAI, "gpt", Optional.empty(), Optional.empty()),
                        List.of(),
                        Optional.empty());
        AgentDefinition agent = sample.agent();
        EngineFixture engine =
                new EngineFixture(
                        new PinnedAgent(
                                sample.digest(),
                                new AgentDefinition(
                                        agent.name(),
                                        agent.version(),
                                        agent.model(),
                                        agent.instructions(),
                                        agent.tools(),
                                        agent.policy(),
                                        new Limits(5, 5, Optional.empty(), limit, Optional.empty()),
                                        agent.input(),
                                        agent.output(),
                                        agent.verify(),
                                        agent.script()),
                                sample.tools(),
                                sample.policy()));
        engine.prices = prices;
        engine.worker = engine.newWorker();
        return engine;
    }
}
