package dev.signalbox.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnstileTest {

    private final List<String> begun = new ArrayList<>();
    private final Deque<UniEmitter<? super String>> open = new ArrayDeque<>();
    private final List<Duration> delays = new ArrayList<>();
    private final Deque<Runnable> timers = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void noMoreThanSoManyAreInsideAtOnce() {
        Turnstile turnstile = turnstile(2, Optional.empty());

        ask(turnstile, "a", "1", "2", "3");

        assertThat(begun).containsExactly("1", "2");
        assertThat(turnstile.waiting()).isEqualTo(1);
        finish();
        assertThat(begun).containsExactly("1", "2", "3");
        assertThat(turnstile.waiting()).isZero();
    }

    @Test
    void lanesTakeTurns() {
        Turnstile turnstile = turnstile(1, Optional.empty());
        ask(turnstile, "busy", "1", "2", "3", "4");
        ask(turnstile, "quiet", "mine");
        ask(turnstile, "other", "theirs");

        for (int call = 0; call < 6; call++) {
            finish();
        }

        assertThat(begun).containsExactly("1", "2", "mine", "theirs", "3", "4");
    }

    @Test
    void aCallThatFailsMakesRoom() {
        Turnstile turnstile = turnstile(1, Optional.empty());
        ask(turnstile, "a", "1", "2");

        open.removeFirst().fail(new IllegalStateException("no"));

        assertThat(begun).containsExactly("1", "2");
    }

    @Test
    void whoGivesUpWaitingIsForgottenAndWhoGivesUpACallMakesRoom() {
        Turnstile turnstile = turnstile(1, Optional.empty());
        Cancellable first = ask(turnstile, "a", "1");
        Cancellable second = ask(turnstile, "a", "2");
        ask(turnstile, "a", "3");

        second.cancel();
        first.cancel();

        assertThat(begun).containsExactly("1", "3");
        assertThat(turnstile.waiting()).isZero();
    }

    @Test
    void aRateIsKeptAndNobodyIsForgottenOverIt() {
        Turnstile turnstile = turnstile(100, Optional.of(12));

        ask(turnstile, "a", "1", "2", "3", "4");

        assertThat(begun).as("two every ten seconds").containsExactly("1", "2");
        assertThat(delays).containsExactly(Duration.ofSeconds(5));
        pass(Duration.ofSeconds(5));
        assertThat(begun).containsExactly("1", "2", "3");
        pass(Duration.ofSeconds(5));
        assertThat(begun).containsExactly("1", "2", "3", "4");
    }

    @Test
    void aRateThatIsNotUsedDoesNotPileUp() {
        Turnstile turnstile = turnstile(100, Optional.of(12));
        now = now.plus(Duration.ofHours(1));

        ask(turnstile, "a", "1", "2", "3");

        assertThat(begun).containsExactly("1", "2");
    }

    private Turnstile turnstile(int concurrent, Optional<Integer> perMinute) {
        return new Turnstile(
                concurrent,
                perMinute,
                () -> now,
                (delay, what) -> {
                    delays.add(delay);
                    timers.add(what);
                });
    }

    private Cancellable ask(Turnstile turnstile, String lane, String... calls) {
        Cancellable last = () -> {};
        for (String call : calls) {
            last =
                    turnstile
                            .pass(
                                    lane,
                                    () -> {
                                        begun.add(call);
                                        return Uni.createFrom().<String>emitter(open::add);
                                    })
                            .subscribe()
                            .with(_ -> {}, _ -> {});
        }
        return last;
    }

    private void finish() {
        open.removeFirst().complete("done");
    }

    private void pass(Duration time) {
        now = now.plus(time);
        timers.removeFirst().run();
    }
}
