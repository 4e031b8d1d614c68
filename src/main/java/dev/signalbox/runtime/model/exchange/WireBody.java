package dev.signalbox.runtime.model.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The JSON body of a request, on its way from LangChain4j to the wire. Members keep their order:
/// some models write their answers in the order of the schema.
public final class WireBody {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private WireBody() {}

    /// @throws IllegalArgumentException if the body is not a JSON object
    public static String edit(String body, Consumer<ObjectNode> edit) {
        try {
            if (MAPPER.readTree(body) instanceof ObjectNode object) {
                edit.accept(object);
                return MAPPER.writeValueAsString(object);
            }
            throw new IllegalArgumentException("the request's body is not an object");
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException("the request's body is not JSON", broken);
        }
    }

    /// Maps, lists and plain values as a tree.
    public static JsonNode tree(@Nullable Object value) {
        return MAPPER.valueToTree(value);
    }
}
