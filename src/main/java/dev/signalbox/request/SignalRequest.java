package dev.signalbox.request;

import dev.signalbox.domain.run.RunEvent.SignalType;
import dev.signalbox.domain.json.Json;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a client tells a run.
///
/// @param message what a steering signal says to the model; elsewhere the reason
/// @param name with `signal`: which one
/// @param data with `signal`: what it brings, `null` by default
@Schema(name = "SignalRequest")
public record SignalRequest(
        @Schema(
                        required = true,
                        enumeration = {"cancel", "pause", "resume", "steer", "signal"})
                @NotNull(message = "is one of cancel, pause, resume, steer, signal")
                SignalType type,
        @Schema(maxLength = MAX_MESSAGE, description = "required for steer")
                @Size(min = 1, max = MAX_MESSAGE, message = "is a text of 1 to 8192 characters")
                @Nullable String message,
        @Schema(description = "of a signal that a step of a workflow waits for")
                @Pattern(regexp = NAME, message = "is the name of a signal: " + NAME_EXPECTED)
                @Nullable String name,
        @Schema(implementation = Object.class, description = "what the signal brings")
                @Nullable Json data) {

    static final String NAME = "[a-z0-9][a-z0-9._-]{0,62}";
    static final String NAME_EXPECTED =
            "1 to 63 lower-case letters, digits, '.', '_' and '-'";

    /// Largest value that a signal brings, as canonical JSON text.
    static final int MAX_DATA = 1 << 18;

    static final int MAX_MESSAGE = 8192;
}
