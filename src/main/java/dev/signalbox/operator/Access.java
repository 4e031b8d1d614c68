package dev.signalbox.operator;

import dev.signalbox.domain.audit.Actor;
import dev.signalbox.domain.problem.ProblemCode;
import dev.signalbox.domain.problem.ProblemException;
import java.util.Set;

/// What each role of the operator plane allows.
///
/// A viewer reads runs and approvals, and so do all others; an operator commands runs; an auditor
/// reads audit records, and values without redaction, and releases legal holds. Who decides an approval is the approval's own
/// terms' business: any operator may try.
public final class Access {

    static final String VIEWER = "viewer";
    static final String APPROVER = "approver";
    static final String OPERATOR = "operator";
    static final String AUDITOR = "auditor";

    private static final Set<String> READERS = Set.of(VIEWER, APPROVER, OPERATOR, AUDITOR);

    private Access() {}

    static void toRead(Actor actor) {
        onThisPlane(actor);
        if (!mayRead(actor)) {
            throw forbidden("Reading runs");
        }
    }

    /// Approvals are also shown to those who have nothing but an approver's role.
    static void toDecide(Actor actor) {
        onThisPlane(actor);
    }

    static void toCommand(Actor actor) {
        onThisPlane(actor);
        if (!mayCommand(actor)) {
            throw forbidden("Commanding runs");
        }
    }

    /// Definitions are everybody's: who may apply them is the host's choice.
    static void toPublish(Actor actor, String role) {
        onThisPlane(actor);
        if (!actor.roles().contains(role)) {
            throw forbidden("Applying definitions");
        }
    }

    static void toAudit(Actor actor) {
        onThisPlane(actor);
        if (!mayAudit(actor)) {
            throw forbidden("Reading audit records");
        }
    }

    static void toPlaceHold(Actor actor) {
        onThisPlane(actor);
        if (!mayPlaceHold(actor)) {
            throw forbidden("Holding runs for the law");
        }
    }

    static void toLiftHold(Actor actor) {
        onThisPlane(actor);
        if (!mayAudit(actor)) {
            throw forbidden("Releasing runs from a legal hold");
        }
    }

    /// To hold keeps evidence, so whoever commands runs may as well; to release is an auditor's.
    public static boolean mayPlaceHold(Actor actor) {
        return mayCommand(actor) || mayAudit(actor);
    }

    public static boolean mayRead(Actor actor) {
        return actor.roles().stream().anyMatch(READERS::contains);
    }

    public static boolean mayCommand(Actor actor) {
        return actor.roles().contains(OPERATOR);
    }

    /// Whether the actor sees audit records, and values as they are.
    public static boolean mayAudit(Actor actor) {
        return actor.roles().contains(AUDITOR);
    }

    private static void onThisPlane(Actor actor) {
        if (actor.plane() != Actor.Plane.OPERATOR) {
            throw ProblemException.of(
                    ProblemCode.FORBIDDEN, "This is for callers of the operator plane.");
        }
    }

    private static ProblemException forbidden(String what) {
        return ProblemException.of(
                ProblemCode.FORBIDDEN, what + " is not among what your roles allow.");
    }
}
