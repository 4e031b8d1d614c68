package dev.signalbox.crash;

import dev.signalbox.crash.Boundary.Kind;
import dev.signalbox.crash.Boundary.Side;
import dev.signalbox.crash.Plan.Strike;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Everything that leaves a process and comes back to it, one step at a time and in an order that
/// the test decides: no thread but the test's own ever runs an engine, so a trial can be repeated to
/// the step.
///
/// A call is two steps: it arrives and has its effect; its answer arrives. Before each of them the
/// process can be struck.
final class Traffic {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Function<List<Kind>, Integer> chooser;
    private final List<Strike> strikes;
    private final List<Crossing<?>> waiting = new ArrayList<>();
    private final List<Boundary> passed = new ArrayList<>();
    private final List<Boundary> fired = new ArrayList<>();
    private final Set<Host> frozen = new HashSet<>();

    Traffic(Order order, Plan plan) {
        this.chooser = order.chooser().get();
        this.strikes = new ArrayList<>(plan.strikes());
    }

    /// The boundaries that were passed, in order.
    List<Boundary> passed() {
        return List.copyOf(passed);
    }

    /// The boundaries at which a process was struck.
    List<Boundary> fired() {
        return List.copyOf(fired);
    }

    /// Makes the next step. Answers whether there was one to make; a strike is one.
    boolean step() {
        frozen.removeIf(process -> process.thawed(passed.size()));
        List<Crossing<?>> ready =
                waiting.stream().filter(crossing -> crossing.by.moves()).toList();
        if (ready.isEmpty()) {
            return false;
        }
        Crossing<?> next = ready.get(chooser.apply(ready.stream().map(one -> one.kind).toList()));
        Boundary boundary =
                new Boundary(passed.size() + 1, next.kind, next.side(), next.what);
        if (!strikes.isEmpty() && strikes.getFirst().step() <= boundary.step()) {
            fired.add(boundary);
            strike(next.by, strikes.removeFirst());
            return true;
        }
        passed.add(boundary);
        waiting.remove(next);
        next.advance();
        return true;
    }

    private void strike(Host struck, Strike strike) {
        switch (strike) {
            case Strike.Kill _ -> {
                struck.state = State.DEAD;
                waiting.removeIf(crossing -> crossing.by == struck);
            }
            case Strike.Freeze(int _, int others) -> {
                struck.state = State.FROZEN;
                struck.until = others == Plan.AT_THE_END ? others : passed.size() + others;
                frozen.add(struck);
            }
        }
    }

    /// Lets the processes that stand still go on.
    boolean thaw() {
        frozen.forEach(process -> process.state = State.ALIVE);
        boolean any = !frozen.isEmpty();
        frozen.clear();
        return any;
    }

    Host newHost() {
        return new Host();
    }

    private enum State {
        ALIVE,
        FROZEN,
        DEAD
    }

    /// A process, as those outside see it.
    final class Host {
        private State state = State.ALIVE;
        private int until;

        boolean moves() {
            return state == State.ALIVE;
        }

        private boolean thawed(int steps) {
            boolean due = steps >= until;
            if (due) {
                state = State.ALIVE;
            }
            return due;
        }

        /// `work`, done by others when its turn comes.
        <T> Uni<T> call(Kind kind, String what, Uni<T> work) {
            return Uni.createFrom()
                    .emitter(
                            emitter -> {
                                if (state == State.DEAD) {
                                    return;
                                }
                                Crossing<T> crossing =
                                        new Crossing<>(this, kind, what, work, emitter);
                                waiting.add(crossing);
                                emitter.onTermination(() -> waiting.remove(crossing));
                            });
        }
    }

    private final class Crossing<T> {
        private final Host by;
        private final Kind kind;
        private final String what;
        private final Uni<T> work;
        private final UniEmitter<? super T> emitter;
        private @Nullable Runnable answer;

        Crossing(
                Host by, Kind kind, String what, Uni<T> work, UniEmitter<? super T> emitter) {
            this.by = by;
            this.kind = kind;
            this.what = what;
            this.work = work;
            this.emitter = emitter;
        }

        Side side() {
            return answer == null ? Side.BEFORE : Side.AFTER;
        }

        void advance() {
            if (answer != null) {
                answer.run();
                return;
            }
            try {
                T result = work.await().atMost(PATIENCE);
                answer = () -> emitter.complete(result);
            } catch (RuntimeException failed) {
                answer = () -> emitter.fail(failed);
            }
            waiting.add(this);
        }
    }
}
