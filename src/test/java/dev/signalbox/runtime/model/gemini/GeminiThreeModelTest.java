package dev.signalbox.runtime.model.gemini;

import dev.signalbox.domain.agent.ModelRef;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.support.provider.GeminiWire;
import dev.signalbox.support.provider.ProviderWire;
import java.util.Optional;

/// Models of the third generation want thought signatures, and take a format beside tools.
class GeminiThreeModelTest extends GeminiContract {

    @Override
    protected ProviderWire wire() {
        return new GeminiWire("gemini-3-pro");
    }

    @Override
    protected ModelRef ref() {
        return new ModelRef(Provider.GEMINI, "gemini-3-pro", Optional.empty(), Optional.empty());
    }
}
