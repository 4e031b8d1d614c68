package dev.signalbox.request;

import dev.signalbox.domain.run.RunEvent.SignalType;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a client tells a run.
///
/// @param message what a steering signal says to the model; elsewhere the reason
@Schema(name = "SignalRequest")
public record SignalRequest(
        @Schema(
                        required = true,
                        enumeration = {"cancel", "pause", "resume", "steer"})
                @NotNull(message = "is one of cancel, pause, resume, steer")
                SignalType type,
        @Schema(maxLength = MAX_MESSAGE, description = "required for steer")
                @Size(min = 1, max = MAX_MESSAGE, message = "is a text of 1 to 8192 characters")
                @Nullable String message) {

    static final int MAX_MESSAGE = 8192;
}
