package dev.signalbox.web;

import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/// The head of the OpenAPI document, and the refusals that its operations refer to by status.
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Signalbox",
                        version = "1",
                        description =
                                "Durable AI-agent runs, and the control room beside them. A refusal"
                                        + " is `application/problem+json` with a stable `code`.",
                        license = @License(name = "Apache-2.0", identifier = "Apache-2.0")),
        security = @SecurityRequirement(name = "token"),
        components =
                @Components(
                        securitySchemes =
                                @SecurityScheme(
                                        securitySchemeName = "token",
                                        type = SecuritySchemeType.HTTP,
                                        scheme = "bearer"),
                        responses = {
                            @APIResponse(
                                    name = "400",
                                    description = "not valid: `field` says what, `expected` how",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "401",
                                    description = "no known bearer token",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "403",
                                    description = "the caller's roles do not allow it",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "404",
                                    description = "not there, or not the caller's tenant's",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "409",
                                    description = "against the state of things; `code` says how",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "410",
                                    description =
                                            "the run was kept for as long as is said, and is gone;"
                                                    + " `facts` is its tombstone",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "413",
                                    description = "larger than 1 MB",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class))),
                            @APIResponse(
                                    name = "503",
                                    description = "the store cannot be reached; see Retry-After",
                                    content =
                                            @Content(
                                                    mediaType = ProblemBody.MEDIA_TYPE,
                                                    schema =
                                                            @Schema(
                                                                    implementation =
                                                                            ProblemBody.class)))
                        }))
final class ApiDocument {

    private ApiDocument() {}
}
