package dev.signalbox.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Redactor;
import dev.signalbox.domain.problem.Problem;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/// A [Problem] as RFC 9457 has it.
@Schema(name = "Problem", description = "RFC 9457 problem details")
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record ProblemBody(
        @Schema(examples = "urn:signalbox:problem:invalid_request") String type,
        @Schema(examples = "The request is not valid") String title,
        @Schema(examples = "400") int status,
        @Schema(examples = "priority is 12") String detail,
        @Schema(examples = "invalid_request", description = "stable, for programs") String code,
        @Schema(implementation = String.class, examples = "priority") Optional<String> field,
        @Schema(implementation = String.class, examples = "a whole number from 0 to 9")
                Optional<String> expected,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Problem.Violation> violations,
        @Schema(
                        implementation = Object.class,
                        description =
                                "what is known of what was asked for; with `run_pruned`, the"
                                        + " tombstone")
                Optional<Json> facts) {

    /// The media type of a problem.
    public static final String MEDIA_TYPE = "application/problem+json";

    public static ProblemBody of(Problem problem) {
        return new ProblemBody(
                "urn:signalbox:problem:" + problem.code().code(),
                problem.code().title(),
                problem.code().status(),
                Redactor.DEFAULT.redact(problem.detail()),
                problem.code().code(),
                problem.field(),
                problem.expected(),
                problem.violations(),
                problem.facts().map(facts -> facts));
    }
}
