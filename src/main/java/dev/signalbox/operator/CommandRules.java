package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.Hold;
import dev.signalbox.domain.run.RunCommand.Ask;
import dev.signalbox.domain.run.RunStatus;
import dev.signalbox.domain.run.RunSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which commands a run's state allows.
///
/// Pure. The run may move on before its worker reads the command; then the worker, by the same
/// rules, lets the command fall.
final class CommandRules {

    private CommandRules() {}

    /// Refuses, with a [ProblemException], what makes no sense now.
    ///
    /// @param open calls of the run that can be reconciled
    static void check(RunSummary run, OpenCalls open, Ask ask) {
        switch (ask) {
            case Ask.HoldRun() -> {
                notSettled(run);
                if (run.status() == RunStatus.HELD) {
                    throw illegal("The run is held already.");
                }
            }
            case Ask.Cancel() -> notSettled(run);
            case Ask.Release() -> {
                held(run);
                if (!open.unknown().isEmpty()) {
                    throw illegal(
                            "Reconcile first: nobody knows whether "
                                    + words(open.unknown())
                                    + " happened. Reconciling releases the run.");
                }
            }
            case Ask.Reconcile(EffectId effect, boolean _, var _) -> {
                held(run);
                if (open.all().isEmpty()) {
                    throw illegal("The outcome of every call is known: there is nothing to do.");
                }
                if (!open.all().contains(effect)) {
                    throw Problem.at(
                                    ProblemCode.ILLEGAL_MOVE,
                                    "effectId",
                                    "The outcome of " + effect + " is not in question.",
                                    words(open.all()))
                            .asException();
                }
            }
            case Ask.Pause _,
                    Ask.Resume _,
                    Ask.Steer _,
                    Ask.Signal _,
                    Ask.ChildSettled _,
                    Ask.RaiseBudget _ ->
                    throw new IllegalArgumentException("not a command of this plane");
        }
    }

    /// What `actor` may command now.
    ///
    /// @param legalHold whether the run's tree is under one
    static List<String> offered(
            Actor actor, RunSummary run, OpenCalls open, boolean legalHold) {
        List<String> offers = new ArrayList<>();
        if (Access.mayCommand(actor) && !run.status().terminal()) {
            boolean held = run.status() == RunStatus.HELD;
            if (run.hold().flatMap(Hold::shortage).isPresent()) {
                offers.add("budget");
            }
            if (held && !open.all().isEmpty()) {
                offers.add("reconcile");
            }
            if (!held || open.unknown().isEmpty()) {
                offers.add(held ? "release" : "hold");
            }
            offers.add("cancel");
        }
        if (legalHold && Access.mayAudit(actor)) {
            offers.add("legal-release");
        } else if (!legalHold && Access.mayPlaceHold(actor)) {
            offers.add("legal-hold");
        }
        return offers;
    }

    private static void notSettled(RunSummary run) {
        if (run.status().terminal()) {
            throw illegal("The run has ended: it is " + word(run) + ".");
        }
    }

    private static void held(RunSummary run) {
        if (run.status() != RunStatus.HELD) {
            throw illegal("The run is not held: it is " + word(run) + ".");
        }
    }

    private static String word(RunSummary run) {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    private static String words(List<EffectId> effects) {
        return String.join(", ", effects.stream().map(EffectId::value).toList());
    }

    private static ProblemException illegal(String detail) {
        return ProblemException.of(ProblemCode.ILLEGAL_MOVE, detail);
    }
}
