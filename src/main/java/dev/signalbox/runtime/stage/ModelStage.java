package dev.signalbox.runtime.stage;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.plan.Action.CallModel;
import dev.signalbox.domain.run.RetryDelays;
import dev.signalbox.domain.run.RunEvent.ModelCompleted;
import dev.signalbox.domain.run.RunEvent.ModelFailed;
import dev.signalbox.domain.run.RunEvent.ModelRequested;
import dev.signalbox.domain.run.RunEvent.ProposedCall;
import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.ModelDeltas;
import dev.signalbox.queue.Speaker;
import dev.signalbox.runtime.model.ChatMessage.ModelToolCall;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.model.Prices;
import dev.signalbox.runtime.model.Turnstiles;
import dev.signalbox.store.StoreClock;
import io.quarkus.arc.All;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The effect of asking a model.
@ApplicationScoped
public class ModelStage {

    private static final RetryDelays RETRIES =
            new RetryDelays(6, Duration.ofSeconds(1), Duration.ofMinutes(15));

    /// As long as there is another model that could be asked instead.
    private static final RetryDelays PATIENCE =
            new RetryDelays(2, Duration.ofSeconds(1), Duration.ofMinutes(15));

    private static final Duration LONG = Duration.ofSeconds(10);

    private final Map<Provider, ModelPort> models;
    private final StoreClock clock;
    private final RunMetrics metrics;
    private final Prices prices;
    private final Turnstiles turnstiles;
    private final ModelDeltas deltas;

    public ModelStage(
            @All List<ModelPort> models,
            StoreClock clock,
            RunMetrics metrics,
            Prices prices,
            Turnstiles turnstiles,
            ModelDeltas deltas) {
        this.models =
                models.stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        ModelPort::provider, Function.identity()));
        this.clock = clock;
        this.metrics = metrics;
        this.prices = prices;
        this.turnstiles = turnstiles;
        this.deltas = deltas;
    }

    public Draft intent(Work work, CallModel action) {
        ModelRef model = model(work, action);
        return Draft.of(
                new ModelRequested(
                        action.effectId(),
                        action.attempt(),
                        label(model.provider()),
                        model.name()));
    }

    /// Whether an answer costs nothing, so that it may be asked for in vain.
    public boolean isFree(Work work, CallModel action) {
        return model(work, action).provider() == Provider.SCRIPTED;
    }

    public Uni<Draft> perform(Work work, CallModel action) {
        ModelRef model = model(work, action);
        return ask(work, action, model)
                .invoke(reply -> countTokens(model, reply))
                .map(reply -> outcome(work, action, reply));
    }

    private Uni<ModelReply> ask(Work work, CallModel action, ModelRef model) {
        ModelPort port = models.get(model.provider());
        if (port == null) {
            return Uni.createFrom()
                    .item(new ModelReply.Refused("model_not_supported", "No such provider here."));
        }
        if (isPriced(work) && !prices.knows(model, clock.instant())) {
            return Uni.createFrom().item(new ModelReply.Refused("price_unknown", unpriced(model)));
        }
        return turnstiles.pass(
                model.provider(),
                lane(work),
                () -> metrics.modelCall(model, chat(work, action, port, model), ModelStage::error));
    }

    /// Whoever watches the run hears the text as it comes.
    private Uni<ModelReply> chat(Work work, CallModel action, ModelPort port, ModelRef model) {
        Optional<Speaker> speaker =
                deltas.speaker(
                        work.progress().identity().id(), action.effectId(), action.attempt());
        return port.chat(
                        new ModelRequest(
                                action.effectId(),
                                work.agent(),
                                model,
                                work.input(),
                                work.chat().upTo(work),
                                speaker.map(Function.identity())))
                .onTermination()
                .invoke(() -> speaker.ifPresent(Speaker::end));
    }

    /// Whether the run's costs are limited, by its own definition or by a run above it.
    private static boolean isPriced(Work work) {
        return work.progress()
                .ledger()
                .total(work.agent().limits().budget())
                .costUsd()
                .isPresent();
    }

    private static String lane(Work work) {
        return work.progress().identity().tenant() + "/" + work.definition().ref().name();
    }

    private static ModelRef model(Work work, CallModel action) {
        return work.agent().agent().model(action.choice());
    }

    private static String unpriced(ModelRef model) {
        return "The run's costs are limited, and there is no price of "
                + label(model.provider())
                + "/"
                + model.name()
                + ". Add it to the file that signalbox.prices.file names.";
    }

    private static Optional<String> error(ModelReply reply) {
        return switch (reply) {
            case ModelReply.Answered _ -> Optional.empty();
            case ModelReply.TryAgain(String code, var _, var _) -> Optional.of(code);
            case ModelReply.Refused(String code, var _) -> Optional.of(code);
        };
    }

    private void countTokens(ModelRef model, ModelReply reply) {
        if (reply instanceof ModelReply.Answered answered) {
            metrics.tokens(model, answered.usage());
        }
    }

    private Draft outcome(Work work, CallModel action, ModelReply reply) {
        Optional<Draft> other =
                next(work, action).flatMap(fallback -> turnedTo(fallback, action, reply));
        return switch (reply) {
            case ModelReply.Answered answered -> answered(work, action, answered);
            case ModelReply.TryAgain(String code, String detail, Optional<Duration> retryAfter) ->
                    other.orElseGet(
                            () ->
                                    failed(
                                            action,
                                            code,
                                            detail,
                                            RETRIES.after(tries(action), retryAfter)));
            case ModelReply.Refused(String code, String detail) ->
                    other.orElseGet(() -> failed(action, code, detail, Optional.empty()));
        };
    }

    /// The choice after the one that was asked, if the agent has any.
    private static Optional<Integer> next(Work work, CallModel action) {
        int number = action.choice().fallback() + 1;
        return number > work.agent().agent().fallbacks().size()
                ? Optional.empty()
                : Optional.of(number);
    }

    /// Another model takes over at once from one that refuses, that has failed often enough, or
    /// that wants to be left alone for long.
    private Optional<Draft> turnedTo(int fallback, CallModel action, ModelReply reply) {
        return switch (reply) {
            case ModelReply.Answered _ -> Optional.empty();
            case ModelReply.TryAgain(String code, String detail, Optional<Duration> retryAfter) ->
                    PATIENCE
                                    .after(tries(action), retryAfter)
                                    .filter(delay -> delay.compareTo(LONG) <= 0)
                                    .isPresent()
                            ? Optional.empty()
                            : Optional.of(turnedTo(fallback, action, code, detail));
            case ModelReply.Refused(String code, String detail) ->
                    Optional.of(turnedTo(fallback, action, code, detail));
        };
    }

    private Draft turnedTo(int fallback, CallModel action, String code, String detail) {
        return Draft.of(
                new ModelFailed(
                        action.effectId(),
                        action.attempt(),
                        code,
                        detail,
                        Optional.of(clock.instant()),
                        Optional.of(fallback)));
    }

    private static int tries(CallModel action) {
        return action.choice().tries(action.attempt());
    }

    private Draft failed(
            CallModel action, String code, String detail, Optional<Duration> retryAfter) {
        return Draft.of(
                new ModelFailed(
                        action.effectId(),
                        action.attempt(),
                        code,
                        detail,
                        retryAfter.map(clock.instant()::plus)));
    }

    private Draft answered(Work work, CallModel action, ModelReply.Answered answer) {
        ModelRef model = model(work, action);
        Optional<BigDecimal> cost = prices.cost(model, answer.usage(), clock.instant());
        cost.ifPresent(dollars -> metrics.cost(model, dollars));
        Draft draft = new Draft();
        List<ProposedCall> calls = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ModelToolCall call : answer.calls()) {
            calls.add(
                    new ProposedCall(
                            unique(call.callId(), seen),
                            call.tool(),
                            draft.keep(call.arguments())));
        }
        return draft.add(
                new ModelCompleted(
                        action.effectId(),
                        answer.text().map(Json::text).map(draft::keep),
                        calls,
                        answer.usage(),
                        cost,
                        answer.model(),
                        answer.finishReason(),
                        model.provider() == Provider.SCRIPTED));
    }

    /// Some servers give the calls of one answer no ids, or the same.
    private static String unique(String callId, Set<String> seen) {
        String candidate = callId.isEmpty() ? "call" : callId;
        for (int number = 2; !seen.add(candidate); number++) {
            candidate = callId + "-" + number;
        }
        return candidate;
    }

    private static String label(Provider provider) {
        return provider.name().toLowerCase(Locale.ROOT);
    }
}
