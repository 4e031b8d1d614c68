/// The contracts of persistence, kept by the memory store.
@NullMarked
package dev.signalbox.store.memory;

import org.jspecify.annotations.NullMarked;
