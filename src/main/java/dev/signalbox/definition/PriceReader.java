package dev.signalbox.definition;

import dev.signalbox.domain.agent.ModelPrice;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PriceList;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what models cost.
///
/// Guarantee: strict, as definitions are read. The whole list is taken or refused, with every
/// problem that it has.
public final class PriceReader {

    private static final String[] FIELDS = {
        "provider",
        "model",
        "from",
        "inputPerMillion",
        "outputPerMillion",
        "cacheReadPerMillion",
        "cacheWritePerMillion"
    };
    private static final String DATE = "a date such as 2026-08-01, which begins at midnight UTC";
    private static final String MODEL =
            "a model's name, or the beginning of names followed by '*' and nothing else";
    private static final BigDecimal HIGHEST = BigDecimal.valueOf(1_000_000);

    private final Problems problems;

    private PriceReader(Problems problems) {
        this.problems = problems;
    }

    /// The prices of `source`.
    ///
    /// @throws dev.signalbox.domain.problem.ProblemException with `invalid_definition`
    public static PriceList read(Source source) {
        Problems problems = new Problems("prices", List.of(source.name()));
        PriceReader reader = new PriceReader(problems);
        List<ModelPrice> prices = new ArrayList<>();
        for (Node document : YamlReader.read(source, problems).documents()) {
            Fields.of("the document", document, problems, "prices")
                    .ifPresent(fields -> prices.addAll(reader.list(fields)));
        }
        reader.refuseDoubles(prices, source);
        problems.throwIfAny();
        return new PriceList(prices);
    }

    private List<ModelPrice> list(Fields document) {
        document.required("prices", "a list of prices");
        List<ModelPrice> prices = new ArrayList<>();
        List<Node> items = document.items("prices", "a list of prices");
        for (int index = 0; index < items.size(); index++) {
            Fields.of("prices[" + index + "]", items.get(index), problems, FIELDS)
                    .ifPresent(fields -> prices.add(price(fields)));
        }
        return prices;
    }

    private ModelPrice price(Fields fields) {
        Optional<Provider> provider =
                fields.requiredChoice("provider", Provider.class, Found::word);
        if (provider.equals(Optional.of(Provider.SCRIPTED))) {
            fields.problem("provider", "the scripted model costs nothing");
        }
        BigDecimal input = perMillion(fields, "inputPerMillion", true).orElse(BigDecimal.ZERO);
        return new ModelPrice(
                provider.orElse(Provider.SCRIPTED),
                model(fields),
                from(fields),
                input,
                perMillion(fields, "outputPerMillion", true).orElse(BigDecimal.ZERO),
                perMillion(fields, "cacheReadPerMillion", false).orElse(input),
                perMillion(fields, "cacheWritePerMillion", false).orElse(input));
    }

    private static String model(Fields fields) {
        String model = fields.requiredText("model", MODEL);
        int star = model.indexOf('*');
        if (star >= 0 && star < model.length() - 1) {
            fields.problem("model", "expected " + MODEL + ", found '" + Found.shortened(model) + "'");
        }
        return model;
    }

    private static Instant from(Fields fields) {
        String text = fields.requiredText("from", DATE);
        try {
            return text.isEmpty()
                    ? Instant.EPOCH
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException _) {
            fields.problem("from", "expected " + DATE + ", found '" + Found.shortened(text) + "'");
            return Instant.EPOCH;
        }
    }

    private static Optional<BigDecimal> perMillion(Fields fields, String name, boolean required) {
        if (required) {
            fields.required(name, "US dollars for a million tokens");
        }
        return fields.decimal(name, BigDecimal.ZERO, HIGHEST);
    }

    private void refuseDoubles(List<ModelPrice> prices, Source source) {
        Map<List<Object>, Integer> seen = new HashMap<>();
        for (int index = 0; index < prices.size(); index++) {
            ModelPrice price = prices.get(index);
            Integer before =
                    seen.putIfAbsent(
                            List.of(price.provider(), price.model(), price.from()), index);
            if (before != null && problems.isEmpty()) {
                problems.add(
                        new Place(source.name(), 0),
                        "prices[%d] and prices[%d] are of the same model and the same day"
                                .formatted(before, index));
            }
        }
    }
}
