package dev.signalbox.domain.problem;

/// The stable codes of everything that can be refused or go wrong, with the HTTP status that each
/// has on the wire. Codes are part of the wire contract: add, never rename.
public enum ProblemCode {
    INVALID_REQUEST("invalid_request", 400, "The request is not valid"),
    INVALID_DEFINITION("invalid_definition", 400, "The definition is not valid"),
    INVALID_INPUT("invalid_input", 400, "The input does not match the definition's schema"),
    UNKNOWN_DEFINITION("unknown_definition", 400, "No such definition"),
    UNAUTHENTICATED("unauthenticated", 401, "Who are you?"),
    FORBIDDEN("forbidden", 403, "Not allowed"),
    OWN_REQUEST("own_request", 403, "Four eyes: not on your own request"),
    NOT_AN_APPROVER("not_an_approver", 403, "Not an approver of this call"),
    NOT_FOUND("not_found", 404, "Not found"),
    METHOD_NOT_ALLOWED("method_not_allowed", 405, "Method not allowed"),
    NOT_ACCEPTABLE("not_acceptable", 406, "Cannot answer in that media type"),
    IDEMPOTENCY_CONFLICT("idempotency_conflict", 409, "The key was used with another request"),
    CALL_CHANGED("call_changed", 409, "The decision is for another call"),
    ALREADY_SETTLED("already_settled", 409, "Already settled"),
    ILLEGAL_MOVE("illegal_move", 409, "The run's state does not allow this"),
    VERSION_TAKEN("version_taken", 409, "The version has another content"),
    HAZARD_NOT_ACKNOWLEDGED(
            "hazard_not_acknowledged", 409, "An effect might happen once more, and nobody said so"),
    STALE_LEASE("stale_lease", 409, "Another worker holds the run"),
    RUN_PRUNED("run_pruned", 410, "The run is past the time that it was kept for"),
    TOO_LARGE("too_large", 413, "Too large"),
    UNSUPPORTED_MEDIA_TYPE("unsupported_media_type", 415, "Unsupported media type"),
    INTERNAL("internal", 500, "Something went wrong here"),
    UNAVAILABLE("unavailable", 503, "Try again later");

    private final String code;
    private final int status;
    private final String title;

    ProblemCode(String code, int status, String title) {
        this.code = code;
        this.status = status;
        this.title = title;
    }

    /// The code on the wire.
    public String code() {
        return code;
    }

    /// HTTP status.
    public int status() {
        return status;
    }

    /// What the code means, for people.
    public String title() {
        return title;
    }
}
