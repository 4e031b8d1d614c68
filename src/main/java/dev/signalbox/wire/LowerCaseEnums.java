package dev.signalbox.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// Enums on the wire: their names in lower case, and nothing else.
public final class LowerCaseEnums extends SimpleModule {

    private static final long serialVersionUID = 1L;

    public LowerCaseEnums() {
        super("signalbox-enums");
        addSerializer(new Writer());
        addKeySerializer(Enum.class, new KeyWriter());
        setDeserializerModifier(new Modifier());
    }

    private static final class Writer extends StdSerializer<Enum<?>> {
        private static final long serialVersionUID = 1L;

        Writer() {
            super(Enum.class, false);
        }

        @Override
        public void serialize(Enum<?> value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeString(value.name().toLowerCase(Locale.ROOT));
        }
    }

    /// Members of an object that are named by an enum.
    private static final class KeyWriter extends JsonSerializer<Object> {

        @Override
        public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeFieldName(((Enum<?>) value).name().toLowerCase(Locale.ROOT));
        }
    }

    private static final class Modifier extends BeanDeserializerModifier {
        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config,
                JavaType type,
                BeanDescription description,
                JsonDeserializer<?> deserializer) {
            return new Reader(type.getRawClass());
        }
    }

    private static final class Reader extends StdDeserializer<Object> {
        private static final long serialVersionUID = 1L;
        private final Class<?> type;

        Reader(Class<?> type) {
            super(type);
            this.type = type;
        }

        @Override
        public Object deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            String text = parser.getValueAsString();
            for (Object constant : type.getEnumConstants()) {
                if (((Enum<?>) constant).name().toLowerCase(Locale.ROOT).equals(text)) {
                    return constant;
                }
            }
            throw JsonMappingException.from(
                    parser,
                    "expected one of "
                            + Arrays.stream(type.getEnumConstants())
                                    .map(constant -> ((Enum<?>) constant).name())
                                    .map(name -> name.toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")));
        }
    }
}
