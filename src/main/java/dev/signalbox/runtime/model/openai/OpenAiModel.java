package dev.signalbox.runtime.model.openai;

import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.model.exchange.LangChainModel;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;

/// Models behind OpenAI's chat completions.
@ApplicationScoped
public class OpenAiModel implements ModelPort {

    private final LangChainModel model;

    public OpenAiModel(OpenAiConfig config, InstantSource clock) {
        this.model = new LangChainModel(new OpenAiDialect(config), config, clock);
    }

    @PreDestroy
    void close() {
        model.close();
    }

    @Override
    public Provider provider() {
        return Provider.OPENAI;
    }

    @Override
    public Uni<ModelReply> chat(ModelRequest request) {
        return model.chat(request);
    }
}
