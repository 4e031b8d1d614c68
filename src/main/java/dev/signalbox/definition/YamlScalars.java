package dev.signalbox.definition;

import dev.signalbox.definition.Node.Leaf;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.json.Json.JsonNumber;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Scalars of YAML's core schema as JSON values: `yes` and `on` are texts, `0x1F` is 31.
final class YamlScalars {

    private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();

    private YamlScalars() {}

    static Leaf leaf(ScalarEvent event, Place place, Problems problems) {
        String text = event.getValue();
        if (!event.isPlain()) {
            return new Leaf(Json.text(text), place);
        }
        Tag tag = CORE.resolve(text, true);
        if (tag.equals(Tag.NULL)) {
            return new Leaf(JsonNull.NULL, place);
        }
        if (tag.equals(Tag.BOOL)) {
            return new Leaf(new JsonBool(text.toLowerCase(Locale.ROOT).equals("true")), place);
        }
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return new Leaf(number(text, place, problems), place);
        }
        return new Leaf(Json.text(text), place);
    }

    private static Json number(String text, Place place, Problems problems) {
        try {
            if (text.length() <= Json.MAX_EXPONENT) {
                return new JsonNumber(decimal(text));
            }
        } catch (ArithmeticException | IllegalArgumentException _) {
            // reported below
        }
        problems.add(
                place, "a number that JSON lacks or that is too large: '" + shortened(text) + "'");
        return Json.number(0);
    }

    private static BigDecimal decimal(String text) {
        if (text.startsWith("0x")) {
            return new BigDecimal(new BigInteger(text.substring(2), 16));
        }
        if (text.startsWith("0o")) {
            return new BigDecimal(new BigInteger(text.substring(2), 8));
        }
        return new BigDecimal(text);
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }
}
