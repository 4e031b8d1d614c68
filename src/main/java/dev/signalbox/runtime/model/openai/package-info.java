/// Models behind any server that speaks OpenAI's chat completions, by way of LangChain4j.
@NullMarked
package dev.signalbox.runtime.model.openai;

import org.jspecify.annotations.NullMarked;
