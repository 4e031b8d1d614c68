package dev.signalbox.domain.agent;

import java.math.BigDecimal;
import java.util.Optional;

/// Which model an agent talks to.
///
/// @param name as the provider knows it
/// @param temperature from 0 to 2; empty leaves it to the provider
/// @param maxOutputTokens most tokens of one answer; empty leaves it to the provider
public record ModelRef(
        Provider provider,
        String name,
        Optional<BigDecimal> temperature,
        Optional<Integer> maxOutputTokens) {

    /// Who serves the model.
    public enum Provider {
        /// Any server that speaks OpenAI's chat completions.
        OPENAI,
        /// Anthropic's Messages API.
        ANTHROPIC,
        /// An Ollama server.
        OLLAMA,
        /// Google's Gemini API.
        GEMINI,
        /// The offline model: plays the script of the agent's document.
        SCRIPTED
    }
}
