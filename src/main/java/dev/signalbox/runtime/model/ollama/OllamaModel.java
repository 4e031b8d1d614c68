package dev.signalbox.runtime.model.ollama;

import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.model.exchange.LangChainModel;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;

/// Models behind an Ollama server.
@ApplicationScoped
public class OllamaModel implements ModelPort {

    private final LangChainModel model;

    public OllamaModel(OllamaConfig config, InstantSource clock) {
        this.model = new LangChainModel(new OllamaDialect(config), config, clock);
    }

    @PreDestroy
    void close() {
        model.close();
    }

    @Override
    public Provider provider() {
        return Provider.OLLAMA;
    }

    @Override
    public Uni<ModelReply> chat(ModelRequest request) {
        return model.chat(request);
    }
}
