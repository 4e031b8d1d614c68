/// What every model provider's adapter shares: the dialogue in LangChain4j's words, one HTTP exchange
/// a call, and which endings are which.
@NullMarked
package dev.signalbox.runtime.model.exchange;

import org.jspecify.annotations.NullMarked;
