package dev.signalbox.crash;

import dev.signalbox.crash.Finding.Kind;
import dev.signalbox.crash.Plan.Strike;
import dev.signalbox.domain.id.IdSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Strikes one reference run at every boundary, one trial for each.
final class Sweep {

    private static final int SHOWN = 3;

    /// What a sweep has seen.
    ///
    /// @param boundaries how many the undisturbed run passes
    /// @param trials how many runs there were
    /// @param fired how many strikes there were
    /// @param reconciled how many calls a person had to look into
    record Outcome(
            String name,
            int boundaries,
            int trials,
            int fired,
            int reconciled,
            long millis,
            Map<Kind, List<String>> findings) {

        boolean sound() {
            return findings.isEmpty();
        }

        @Override
        public String toString() {
            return "%-42s %5d boundaries %6d runs %6d strikes %5d reconciled %7.1f s  %s"
                    .formatted(
                            name,
                            boundaries,
                            trials,
                            fired,
                            reconciled,
                            millis / 1000.0,
                            sound() ? "sound" : shown());
        }

        private String shown() {
            return findings.entrySet().stream()
                    .map(
                            entry ->
                                    "\n  %s, %d times: %s"
                                            .formatted(
                                                    entry.getKey(),
                                                    entry.getValue().size(),
                                                    entry.getValue().stream()
                                                            .limit(SHOWN)
                                                            .collect(
                                                                    Collectors.joining("\n    "))))
                    .collect(Collectors.joining());
        }
    }

    private final Supplier<Lab> labs;
    private final IdSource ids;
    private final Reference reference;
    private final Order order;
    private final Rig rig;

    /// @param labs a store for each trial
    Sweep(Supplier<Lab> labs, IdSource ids, Reference reference, Order order, Rig rig) {
        this.labs = labs;
        this.ids = ids;
        this.reference = reference;
        this.order = order;
        this.rig = rig;
    }

    /// A kill at each boundary that is `wanted`.
    Outcome kills(Predicate<Boundary> wanted) {
        return sweep(
                "kill",
                undisturbed ->
                        undisturbed.stream()
                                .filter(wanted)
                                .map(boundary -> Plan.kill(boundary.step()))
                                .toList());
    }

    /// A kill at each boundary, and another every so many boundaries of what follows.
    Outcome pairs(int every) {
        return sweep(
                "kill twice, every " + every,
                undisturbed -> {
                    List<Plan> plans = new ArrayList<>();
                    for (int first = 1; first <= undisturbed.size(); first++) {
                        for (int second = first + 1 + first % every;
                                second <= undisturbed.size();
                                second += every) {
                            plans.add(Plan.kill(first, second));
                        }
                    }
                    return plans;
                });
    }

    /// A process that stands still at each boundary that is `wanted`, and goes on after so many
    /// steps of the one that took over.
    Outcome freezes(int others, Predicate<Boundary> wanted) {
        return sweep(
                others == Plan.AT_THE_END ? "freeze to the end" : "freeze for " + others,
                undisturbed ->
                        undisturbed.stream()
                                .filter(wanted)
                                .map(boundary -> Plan.freeze(boundary.step(), others))
                                .toList());
    }

    private Outcome sweep(String what, Function<List<Boundary>, List<Plan>> plans) {
        long begun = System.nanoTime();
        Map<Kind, List<String>> findings = new EnumMap<>(Kind.class);
        Trial.Result undisturbed = trial(Plan.UNDISTURBED, Rig.SOUND);
        note(findings, "undisturbed", undisturbed.findings());
        if (!undisturbed.findings().isEmpty()) {
            throw new AssertionError("the undisturbed run is not sound: " + undisturbed);
        }
        List<Boundary> boundaries = trial(Plan.UNDISTURBED, rig).passed();
        int trials = 0;
        int fired = 0;
        int reconciled = 0;
        for (Plan plan : plans.apply(boundaries)) {
            Trial.Result result = trial(plan, rig);
            trials++;
            fired += result.fired().size();
            reconciled += result.reconciled();
            String where = plan.strikes() + " " + result.fired();
            note(findings, where, result.findings());
            note(
                    findings,
                    where,
                    Verdict.compared(undisturbed.end().orElseThrow(), result));
            if (result.fired().size() < plan.strikes().size() && first(plan, boundaries)) {
                note(findings, where, List.of(new Finding(Kind.NOT_FIRED, "")));
            }
        }
        return new Outcome(
                reference.name() + ", " + order + ", " + what,
                boundaries.size(),
                trials,
                fired,
                reconciled,
                (System.nanoTime() - begun) / 1_000_000,
                findings);
    }

    /// A run that was struck once may be over before the second strike; the first always comes.
    private static boolean first(Plan plan, List<Boundary> boundaries) {
        return plan.strikes().size() == 1
                && plan.strikes().stream().mapToInt(Strike::step).allMatch(
                        step -> step <= boundaries.size());
    }

    private Trial.Result trial(Plan plan, Rig with) {
        return new Trial(labs.get(), reference, order, plan, with, ids).run();
    }

    private static void note(
            Map<Kind, List<String>> findings, String where, List<Finding> found) {
        for (Finding finding : found) {
            findings.computeIfAbsent(finding.kind(), _ -> new ArrayList<>())
                    .add(where + ": " + finding.detail());
        }
    }
}
