package dev.signalbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.crash.Finding.Kind;
import dev.signalbox.crash.Sweep.Outcome;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The proof of the proof: an engine that breaks a promise does not get through a sweep.
@Tag("crash")
class BrokenEngineTest {

    private static final int FEW = 6;
    private static final Logger WORKER = Logger.getLogger("dev.signalbox.runtime.Worker");

    /// A broken engine has much to say.
    @BeforeAll
    static void quiet() {
        WORKER.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        WORKER.setLevel(null);
    }

    private static Sweep sweep(Rig rig) {
        return new Sweep(
                Lab::memory,
                UuidCreator::getTimeOrderedEpochPlus1,
                Reference.agent("crash-parallel"),
                Order.IN_TURN,
                rig);
    }

    private static Outcome kills(Rig rig) {
        return sweep(rig).kills(_ -> true);
    }

    /// For engines whose runs never end: they are tried for long.
    private static Outcome fewKills(Rig rig) {
        return sweep(rig).kills(boundary -> boundary.step() % FEW == 0);
    }

    @Test
    void a_sound_engine_gets_through() {
        assertThat(kills(Rig.SOUND).findings()).isEmpty();
    }

    @Test
    void effects_before_the_commit_of_their_intents_are_noticed() {
        assertThat(kills(Broken.ACKNOWLEDGES_EARLY).findings())
                .containsKeys(Kind.NO_INTENT, Kind.DOUBLED);
    }

    @Test
    void a_repeat_of_what_nobody_knows_the_outcome_of_is_noticed() {
        assertThat(kills(Broken.REPEATS_THE_UNKNOWN).findings()).containsOnlyKeys(Kind.DOUBLED);
    }

    @Test
    void a_store_that_does_not_fence_is_noticed_when_a_process_wakes_up_late() {
        Outcome killed = kills(Broken.DOES_NOT_FENCE);

        Outcome frozen = sweep(Broken.DOES_NOT_FENCE).freezes(9, _ -> true);

        assertThat(killed.findings()).isEmpty();
        assertThat(frozen.findings()).containsKeys(Kind.ILLEGAL_HISTORY, Kind.DOUBLED);
    }

    @Test
    void a_journal_that_drops_what_it_acknowledged_is_noticed() {
        assertThat(fewKills(Broken.DROPS_OUTCOMES).findings()).containsKeys(Kind.FORGOTTEN);
    }

    @Test
    void a_run_that_nobody_takes_over_is_noticed() {
        assertThat(fewKills(Broken.ABANDONS_RUNS).findings()).containsKeys(Kind.STUCK, Kind.LOST);
    }
}
