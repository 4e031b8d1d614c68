package dev.signalbox.request;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a client asks for: the body of `POST /v1/runs` and the data of
/// `dev.signalbox.run.requested`.
///
/// @param version the newest if there is none
/// @param deadline ISO 8601 duration after which the run fails, waits included
@Schema(name = "RunRequest")
public record RunRequest(
        @Schema(examples = "refund-agent", required = true)
                @NotNull(message = "is required")
                @Pattern(
                        regexp = NAME,
                        message =
                                "is the name of a definition: 1 to 200 letters, digits, '.', '_',"
                                        + " '-' or '/'")
                String definition,
        @Schema(examples = "1.0.0")
                @Pattern(regexp = VERSION, message = "is a version such as 1.0.0")
                @Nullable String version,
        @Schema(
                        implementation = Object.class,
                        required = true,
                        description = "a JSON object of at most 1 MB")
                @NotNull(message = "is required")
                JsonObject input,
        @Size(max = 32, message = "has at most 32 entries")
                @Nullable
                        Map<
                                @Pattern(
                                        regexp = LABEL,
                                        message =
                                                "has keys of 1 to 63 letters, digits, '.', '_', '-'"
                                                        + " or '/'")
                                String,
                                @NotNull(message = "is a text")
                                @Pattern(
                                        regexp = TEXT,
                                        message =
                                                "is at most 256 characters, none of them control"
                                                        + " characters")
                                String>
                        labels,
        @Schema(examples = "PT10M", description = "ISO 8601, more than zero, at most P365D")
                @Nullable String deadline,
        @Schema(minimum = "0", maximum = "9", defaultValue = "5")
                @Min(value = 0, message = RANGE)
                @Max(value = 9, message = RANGE)
                @Nullable Integer priority) {

    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._/-]{0,199}";
    static final String VERSION = "[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}";
    static final String LABEL = "[A-Za-z0-9][A-Za-z0-9._/-]{0,62}";
    static final String TEXT = "[^\\p{Cntrl}]{0,256}";
    static final String RANGE = "is a whole number from 0 to 9";

    public RunRequest {
        labels = labels == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /// The whole request as one value: equal requests have equal digests.
    JsonObject asJson() {
        Map<String, Object> members = new TreeMap<>();
        members.put("definition", definition);
        members.put("input", input);
        if (version != null) {
            members.put("version", version);
        }
        if (labels != null) {
            members.put("labels", labels);
        }
        if (deadline != null) {
            members.put("deadline", deadline);
        }
        if (priority != null) {
            members.put("priority", priority);
        }
        return (JsonObject) Json.of(members);
    }
}
