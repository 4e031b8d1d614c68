/// Models behind Google's Gemini API, by way of LangChain4j.
@NullMarked
package dev.signalbox.runtime.model.gemini;

import org.jspecify.annotations.NullMarked;
