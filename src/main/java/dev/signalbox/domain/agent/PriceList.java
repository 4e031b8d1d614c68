package dev.signalbox.domain.agent;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What models cost.
public record PriceList(List<ModelPrice> prices) {

    public static final PriceList EMPTY = new PriceList(List.of());

    private static final Comparator<ModelPrice> BEST =
            Comparator.comparingInt(ModelPrice::exactness).thenComparing(ModelPrice::from);

    public PriceList {
        prices = List.copyOf(prices);
    }

    /// The price of a call at that time: the most exact name decides, then the newest price of it.
    public Optional<ModelPrice> find(ModelRef model, Instant at) {
        return prices.stream().filter(price -> price.holds(model, at)).max(BEST);
    }
}
