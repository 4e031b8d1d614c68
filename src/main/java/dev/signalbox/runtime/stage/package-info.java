/// The stages of the pipeline, each a class that turns one action into events.
@NullMarked
package dev.signalbox.runtime.stage;

import org.jspecify.annotations.NullMarked;
