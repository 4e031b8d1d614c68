package dev.signalbox.runtime.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiConfigTest {

    @Test
    void nothingIsConfiguredByItself() {
        OpenAiConfig config = config(Map.of());

        assertThat(config.baseUrl()).isEmpty();
        assertThat(config.apiKey()).isEmpty();
    }

    @Test
    void usualEnvironmentVariablesCount() {
        OpenAiConfig config =
                config(Map.of("OPENAI_API_KEY", "usual", "OPENAI_BASE_URL", "http://usual/v1"));

        assertThat(config.apiKey()).contains("usual");
        assertThat(config.baseUrl()).contains("http://usual/v1");
    }

    @Test
    void ownSettingsCountMoreThanTheUsualVariables() {
        OpenAiConfig config =
                config(Map.of("OPENAI_API_KEY", "usual", "signalbox.models.openai.api-key", "own"));

        assertThat(config.apiKey()).contains("own");
    }

    private static OpenAiConfig config(Map<String, String> values) {
        SmallRyeConfigBuilder builder =
                new SmallRyeConfigBuilder()
                        .addDefaultInterceptors()
                        .withMapping(OpenAiConfig.class);
        values.forEach(builder::withDefaultValue);
        return builder.build().getConfigMapping(OpenAiConfig.class);
    }
}
