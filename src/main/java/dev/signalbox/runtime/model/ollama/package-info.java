/// Models behind an Ollama server, by way of LangChain4j.
@NullMarked
package dev.signalbox.runtime.model.ollama;

import org.jspecify.annotations.NullMarked;
