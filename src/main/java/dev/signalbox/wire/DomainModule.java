package dev.signalbox.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.signalbox.domain.id.ApprovalId;
import dev.signalbox.domain.id.AuditId;
import dev.signalbox.domain.id.BulkId;
import dev.signalbox.domain.id.CommandId;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.FiringId;
import dev.signalbox.domain.id.JobId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Teaches Jackson the domain's own values: [Json] as itself, typed ids and digests as text.
public final class DomainModule extends SimpleModule {

    private static final long serialVersionUID = 1L;

    public DomainModule() {
        super("signalbox-domain");
        addSerializer(Json.class, new JsonWriter());
        addDeserializer(Json.class, new JsonReader<>(Json.class));
        addDeserializer(JsonObject.class, new JsonReader<>(JsonObject.class));
        text(RunId.class, RunId::of);
        text(ApprovalId.class, ApprovalId::of);
        text(CommandId.class, CommandId::of);
        text(BulkId.class, BulkId::of);
        text(AuditId.class, AuditId::of);
        text(JobId.class, JobId::of);
        text(FiringId.class, text -> new FiringId(JobId.of(text).value()));
        text(EffectId.class, EffectId::new);
        text(Digest.class, Digest::new);
    }

    private <T> void text(Class<T> type, Function<String, T> parse) {
        addSerializer(type, new TextWriter<>(type));
        addDeserializer(type, new TextReader<>(type, parse));
    }

    private static final class TextWriter<T> extends StdSerializer<T> {
        private static final long serialVersionUID = 1L;

        TextWriter(Class<T> type) {
            super(type);
        }

        @Override
        public void serialize(T value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeString(value.toString());
        }
    }

    private static final class TextReader<T> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;
        private final transient Function<String, T> parse;

        TextReader(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            String text = parser.getValueAsString();
            try {
                if (text != null) {
                    return parse.apply(text);
                }
            } catch (IllegalArgumentException malformed) {
                throw JsonMappingException.from(parser, malformed.getMessage(), malformed);
            }
            throw JsonMappingException.from(parser, "expected a text");
        }
    }

    private static final class JsonReader<T extends Json> extends StdDeserializer<T> {
        private static final long serialVersionUID = 1L;
        private final Class<T> type;

        JsonReader(Class<T> type) {
            super(type);
            this.type = type;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            Json value = JsonCodec.read(parser);
            if (type.isInstance(value)) {
                return type.cast(value);
            }
            throw JsonMappingException.from(parser, "expected a JSON object");
        }

        @Override
        public @Nullable T getNullValue(DeserializationContext context) {
            // An optional that is null on the wire is an optional that is not there.
            return null;
        }

        @Override
        public @Nullable T getAbsentValue(DeserializationContext context) {
            return null;
        }
    }

    private static final class JsonWriter extends StdSerializer<Json> {
        private static final long serialVersionUID = 1L;

        JsonWriter() {
            super(Json.class);
        }

        @Override
        public void serialize(Json value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            switch (value) {
                case JsonNull() -> out.writeNull();
                case JsonBool(boolean bool) -> out.writeBoolean(bool);
                case JsonNumber(BigDecimal number) -> out.writeNumber(number.toPlainString());
                case JsonText(String text) -> out.writeString(text);
                case JsonArray(List<Json> items) -> {
                    out.writeStartArray();
                    for (Json item : items) {
                        serialize(item, out, provider);
                    }
                    out.writeEndArray();
                }
                case JsonObject object -> {
                    out.writeStartObject();
                    for (Map.Entry<String, Json> member : object.members().entrySet()) {
                        out.writeFieldName(member.getKey());
                        serialize(member.getValue(), out, provider);
                    }
                    out.writeEndObject();
                }
            }
        }
    }
}
