package dev.signalbox.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.IOException;

/// Records of the domain as JSON, by the names of their components: enums in lower case, times in
/// RFC 3339, durations in ISO 8601, absent optionals left out.
///
/// Guarantee: what was written once can be read as long as components are only added as optionals.
public final class RecordCodec {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new DomainModule())
                    .addModule(new Jdk8Module())
                    .addModule(new JavaTimeModule())
                    .addModule(new LowerCaseEnums())
                    .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                    .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                    .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_ABSENT, JsonInclude.Include.NON_ABSENT))
                    .build();

    private RecordCodec() {}

    /// The record as a JSON object.
    public static JsonObject encode(Object record) {
        try (TokenBuffer tokens = new TokenBuffer(MAPPER, false)) {
            MAPPER.writeValue(tokens, record);
            try (JsonParser parser = tokens.asParserOnFirstToken()) {
                return (JsonObject) JsonCodec.read(parser);
            }
        } catch (IOException impossible) {
            throw new IllegalStateException(
                    "cannot encode " + record.getClass().getName(), impossible);
        }
    }

    /// The record that `json` stands for.
    ///
    /// @throws IllegalArgumentException if it does not stand for one
    public static <T> T decode(Class<T> type, Json json) {
        try {
            return MAPPER.readValue(json.canonical(), type);
        } catch (JsonProcessingException mismatch) {
            throw new IllegalArgumentException(
                    "not a " + type.getSimpleName() + ": " + mismatch.getOriginalMessage(),
                    mismatch);
        }
    }
}
