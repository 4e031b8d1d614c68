package dev.signalbox.domain.problem;

/// Carries a [Problem] to whoever answers for it.
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.code().code() + ": " + problem.detail());
        this.problem = problem;
    }

    public static ProblemException of(ProblemCode code, String detail) {
        return Problem.of(code, detail).asException();
    }

    public Problem problem() {
        return problem;
    }
}
