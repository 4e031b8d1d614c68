/// The offline model: an agent's own script instead of a model, for demonstrations and tests.
@NullMarked
package dev.signalbox.runtime.model.scripted;

import org.jspecify.annotations.NullMarked;
