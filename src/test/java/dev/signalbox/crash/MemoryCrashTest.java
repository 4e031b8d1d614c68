package dev.signalbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.crash.Sweep.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every boundary of every reference run, over the memory store: whatever a crash interrupts, what
/// comes of the run is what would have come of it.
@Tag("crash")
class MemoryCrashTest {

    static Stream<Arguments> references() {
        return Reference.all().stream()
                .flatMap(
                        reference ->
                                Extent.orders().stream()
                                        .map(order -> Arguments.of(reference, order)));
    }

    private static Sweep sweep(Reference reference, Order order) {
        return new Sweep(
                Lab::memory, UuidCreator::getTimeOrderedEpochPlus1, reference, order, Rig.SOUND);
    }

    private static void sound(Outcome outcome) {
        System.out.println(outcome);
        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.fired()).isPositive();
    }

    @ParameterizedTest
    @MethodSource("references")
    void a_kill_at_any_boundary_changes_nothing(Reference reference, Order order) {
        sound(sweep(reference, order).kills(_ -> true));
    }

    @ParameterizedTest
    @MethodSource("references")
    void a_process_that_stood_still_past_its_lease_changes_nothing(
            Reference reference, Order order) {
        for (int others : Extent.standstills()) {
            sound(sweep(reference, order).freezes(others, _ -> true));
        }
    }

    @ParameterizedTest
    @MethodSource("references")
    void a_kill_while_recovering_changes_nothing(Reference reference, Order order) {
        sound(sweep(reference, order).pairs(Extent.of(29, 1)));
    }
}
