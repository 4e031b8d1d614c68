package dev.signalbox.domain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.plan.Action;
import dev.signalbox.domain.plan.Limits;
import dev.signalbox.domain.plan.PinnedDefinition.Child;
import dev.signalbox.domain.policy.PolicyDefinition;
import dev.signalbox.domain.policy.Verdict;
import dev.signalbox.domain.run.Lineage;
import dev.signalbox.domain.run.RunError;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.StepOutcome;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunFold.Placed;
import dev.signalbox.domain.run.RunIdentity;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunState.Running;
import dev.signalbox.domain.tool.HttpCall;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.SideEffect;
import dev.signalbox.domain.tool.ToolDefinition;
import java.time.Duration;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.Budget;
import dev.signalbox.domain.run.DefinitionRef;
import dev.signalbox.domain.run.StepNames;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.Usage;
import dev.signalbox.domain.run.WaitingOn;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.util.Arrays;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// The planner decides from state alone; what it plans for any graph runs each step once, after
/// all that it needs.
class WorkflowPlannerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RunId RUN = new RunId(new UUID(7, 7));
    private static final Digest VALUE = Digest.of("value");

    /// What the child gets: what it may use itself, of model calls no more than there are.
    private static final Budget GRANTED =
            new Budget(
                    Optional.of(20L),
                    Optional.of(50L),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(0L));

    /// A run that is played: every effect succeeds, every policy allows, and what a seed says is
    /// skipped is skipped.
    private static final class Play {
        private final PinnedWorkflow workflow;
        private final Random random;
        private final List<String> ended = new ArrayList<>();
        private final List<Integer> rounds = new ArrayList<>();
        private RunState state;
        private long seq = 1;

        Play(PinnedWorkflow workflow, long seed) {
            this.workflow = workflow;
            this.random = new Random(seed);
            RunIdentity identity =
                    new RunIdentity(
                            RUN,
                            workflow.ref(),
                            "default",
                            "someone",
                            Map.of(),
                            5,
                            VALUE,
                            Optional.empty(),
                            Lineage.rootOf(RUN),
                            "0af7651916cd43dd8448eb211c80319c",
                            Optional.empty(),
                            NOW);
            state = RunFold.begin(new Placed(1, NOW, new RunEvent.RunSubmitted(identity)));
            add(new RunEvent.RunStarted("worker"));
        }

        void add(RunEvent event) {
            seq++;
            state = RunFold.evolve(state, new Placed(seq, NOW, event));
        }

        List<Action> plan() {
            return planAt(NOW);
        }

        List<Action> planAt(Instant now) {
            return workflow.plan((Running) state, Set.of(), now);
        }

        /// Until the run rests; answers the rest.
        Action toTheEnd() {
            while (true) {
                List<Action> actions = plan();
                assertThat(actions).isNotEmpty().isEqualTo(plan());
                rounds.add(actions.size());
                for (Action action : actions) {
                    if (action instanceof Action.Rest rest) {
                        return rest;
                    }
                    take(action);
                }
            }
        }

        private void take(Action action) {
            switch (action) {
                case Action.StartStep(String step) when random.nextInt(5) == 0 ->
                        end(step, StepOutcome.SKIPPED, Optional.empty());
                case Action.StartStep(String step) -> {
                    assertThat(ended).containsAll(workflow.graph().step(step).needs());
                    add(new RunEvent.StepStarted(step, VALUE));
                }
                case Action.FinishStep(String step, Digest output) ->
                        end(step, StepOutcome.COMPLETED, Optional.of(output));
                case Action.Propose(var effectId, var call, var replaces) -> {
                    add(
                            new RunEvent.ToolProposed(
                                    effectId, call.callId(), call.tool(), VALUE, VALUE, replaces));
                    add(
                            new RunEvent.PolicyDecided(
                                    effectId,
                                    Verdict.ALLOW,
                                    "support",
                                    VALUE,
                                    Optional.empty(),
                                    "fine",
                                    Optional.empty()));
                }
                case Action.ExecuteTool call -> {
                    add(new RunEvent.ToolStarted(call.effectId(), call.attempt()));
                    add(new RunEvent.ToolCompleted(call.effectId(), call.attempt(), VALUE));
                }
                case Action.Conclude() ->
                        add(
                                new RunEvent.VerificationCompleted(
                                        1, Optional.empty(), Optional.empty(), Optional.of(VALUE)));
                default -> throw new AssertionError("not planned for a workflow: " + action);
            }
        }

        private void end(String step, StepOutcome outcome, Optional<Digest> output) {
            assertThat(ended).containsAll(workflow.graph().step(step).needs()).doesNotContain(step);
            add(new RunEvent.StepCompleted(step, outcome, output, Optional.empty()));
            ended.add(step);
        }
    }

    @Property(tries = 200)
    void everyStepEndsOnceAfterAllThatItNeeds(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 25) int steps) {
        Play play = new Play(workflow(graph(new Random(seed), steps)), seed);

        Action rest = play.toTheEnd();

        assertThat(rest).isEqualTo(new Action.Complete(VALUE));
        assertThat(play.ended).hasSize(steps);
    }

    @Test
    void stepsThatNeedNothingOfOneAnotherBeginTogether() {
        Play play = new Play(workflow(List.of(step("a"), step("b"), step("c", "a", "b"))), 1);

        assertThat(play.plan())
                .containsExactly(new Action.StartStep("a"), new Action.StartStep("b"));
    }

    @Test
    void afterAFailedStepNoOtherBegins() {
        Play play = new Play(workflow(List.of(step("a"), step("b", "a"), step("c"))), 1);
        play.add(
                new RunEvent.StepCompleted(
                        "a",
                        StepOutcome.FAILED,
                        Optional.empty(),
                        Optional.of(new RunError("gone", "It is gone."))));

        assertThat(play.plan())
                .containsExactly(
                        Action.Rest.fail(
                                "step_failed", "The step 'a' failed: gone: It is gone."));
    }

    @Test
    void aWaitEndsAtItsTimeAndNotBefore() {
        Instant time = NOW.plusSeconds(60);
        Play play = begun(new Task.WaitUntil(time), "a");
        play.add(new RunEvent.TimerSet(StepNames.timerOf("a"), time));

        List<Action> before = play.planAt(time.minusMillis(1));

        assertThat(before)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Park.class,
                        park -> assertThat(park.waitingOn().until()).contains(time));
        assertThat(play.planAt(time)).containsExactly(new Action.FireTimer("a"));
    }

    @Test
    void aSignalGoesToOneOfThoseThatWaitForIt() {
        Play play = begun(new Task.WaitForSignal("paid"), "a", "b");
        play.add(
                new RunEvent.SignalReceived(
                        new CommandId(new UUID(1, 1)),
                        RunEvent.SignalType.SIGNAL,
                        Optional.of(VALUE),
                        "someone",
                        Optional.of("paid")));

        assertThat(play.plan()).containsExactly(new Action.DeliverSignal("a", "paid", VALUE));
    }

    @Test
    void aStepThatIsARunBeginsItOnceAndEndsWithIt() {
        RunId child = new RunId(new UUID(7, 8));
        Task task =
                new Task.RunChild(
                        DefinitionRef.Kind.AGENT, "clerk", Optional.empty(), Optional.empty());
        Play play = begun(task, "a");
        EffectId effect = EffectId.toolCall(RUN, 1);
        List<Action> first = play.plan();
        play.add(
                new RunEvent.ChildStarted(
                        effect,
                        "a",
                        child,
                        new DefinitionRef(DefinitionRef.Kind.AGENT, "clerk", "1.0.0", VALUE),
                        VALUE));
        List<Action> meanwhile = play.plan();

        play.add(
                new RunEvent.ChildSettled(
                        effect,
                        child,
                        RunStatus.COMPLETED,
                        Optional.of(VALUE),
                        Optional.empty(),
                        Usage.NONE));

        assertThat(first).containsExactly(new Action.StartChild("a", effect, GRANTED));
        assertThat(meanwhile)
                .singleElement()
                .isInstanceOfSatisfying(
                        Action.Park.class,
                        park ->
                                assertThat(park.waitingOn().kind())
                                        .isEqualTo(WaitingOn.Kind.CHILD));
        assertThat(play.plan()).containsExactly(new Action.FinishStep("a", VALUE));
    }

    private static Play begun(Task task, String... ids) {
        Play play =
                new Play(
                        workflow(
                                Arrays.stream(ids)
                                        .map(
                                                id ->
                                                        new WorkflowStep(
                                                                id,
                                                                List.of(),
                                                                Optional.empty(),
                                                                task,
                                                                StepTerms.DEFAULT))
                                        .toList()),
                        1);
        Arrays.stream(ids).forEach(id -> play.add(new RunEvent.StepStarted(id, VALUE)));
        return play;
    }

    @Test
    void aThousandStepsInARowNeedTheSameRoundsEach() {
        List<WorkflowStep> chain = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            chain.add(i == 0 ? step("s0") : step("s" + i, "s" + (i - 1)));
        }
        Play play = new Play(workflow(chain), 1);

        play.toTheEnd();

        assertThat(play.ended).hasSize(1000);
        assertThat(play.rounds).hasSizeLessThanOrEqualTo(4 * 1000 + 2).containsOnly(1);
    }

    private static List<WorkflowStep> graph(Random random, int size) {
        List<WorkflowStep> steps = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            List<String> needs = new ArrayList<>();
            for (int earlier = 0; earlier < i; earlier++) {
                if (random.nextInt(4) == 0) {
                    needs.add("s" + earlier);
                }
            }
            steps.add(step("s" + i, needs.toArray(String[]::new)));
        }
        Collections.shuffle(steps, random);
        return steps;
    }

    private static WorkflowStep step(String id, String... needs) {
        return new WorkflowStep(
                id,
                List.of(needs),
                Optional.empty(),
                new WorkflowStep.Task.CallTool("look", Optional.empty()));
    }

    private static PinnedWorkflow workflow(List<WorkflowStep> steps) {
        ToolDefinition look =
                new ToolDefinition(
                        "look",
                        "Looks.",
                        JsonObject.EMPTY,
                        Optional.empty(),
                        SideEffect.READ,
                        Idempotency.NONE,
                        List.of(),
                        new HttpCall(HttpCall.Method.GET, "http://x", Duration.ofSeconds(1)),
                        VALUE);
        return new PinnedWorkflow(
                VALUE,
                new WorkflowDefinition(
                        "w",
                        "1.0.0",
                        steps,
                        "support",
                        new Limits(
                                Optional.of(20),
                                10_000,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Limits.CHILDREN),
                        Optional.empty(),
                        Optional.empty(),
                        List.of()),
                Map.of("look", look),
                new PolicyDefinition(
                        "support", Verdict.ALLOW, List.of(), List.of(), List.of(), VALUE),
                Map.of(
                        "agent:clerk",
                        new Child(
                                new DefinitionRef(
                                        DefinitionRef.Kind.AGENT, "clerk", "1.0.0", VALUE),
                                Optional.empty(),
                                Limits.DEFAULT.budget().min(Budget.runs(0)))));
    }
}
