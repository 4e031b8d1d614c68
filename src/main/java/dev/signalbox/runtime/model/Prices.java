package dev.signalbox.runtime.model;

import dev.signalbox.definition.PriceReader;
import dev.signalbox.definition.Source;
import dev.signalbox.domain.agent.ModelPrice;
import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.agent.PriceList;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.domain.run.TokenUsage;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigMapping;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// What calls of models cost in this deployment.
@Startup
@Singleton
public class Prices {

    /// Where the prices stand.
    @ConfigMapping(prefix = "signalbox.prices")
    public interface PriceConfig {

        /// A YAML file. Without one nobody knows what any call costs.
        Optional<Path> file();
    }

    private final PriceList prices;

    @Inject
    public Prices(PriceConfig config) {
        this(config.file().map(Prices::read).orElse(PriceList.EMPTY));
    }

    public Prices(PriceList prices) {
        this.prices = prices;
    }

    private static PriceList read(Path file) {
        try {
            return PriceReader.read(new Source(file.toString(), Files.readString(file)));
        } catch (IOException unreadable) {
            throw new ConfigurationException(
                    "signalbox.prices.file: " + file + " cannot be read", unreadable);
        } catch (ProblemException wrong) {
            throw new ConfigurationException(wrong.problem().detail(), wrong);
        }
    }

    /// Whether it will be known what a call of the model costs.
    public boolean knows(ModelRef model, Instant at) {
        return model.provider() == Provider.SCRIPTED || prices.find(model, at).isPresent();
    }

    /// What the call cost, in US dollars; empty if there is no price for it.
    public Optional<BigDecimal> cost(ModelRef model, TokenUsage usage, Instant at) {
        return model.provider() == Provider.SCRIPTED
                ? Optional.of(BigDecimal.ZERO)
                : prices.find(model, at).map((ModelPrice price) -> price.of(usage));
    }
}
