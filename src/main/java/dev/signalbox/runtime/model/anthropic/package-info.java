/// Models behind Anthropic's Messages API, by way of LangChain4j.
@NullMarked
package dev.signalbox.runtime.model.anthropic;

import org.jspecify.annotations.NullMarked;
