/// The stores in memory: for tests, and for trying things out with nothing else installed. What
/// they hold ends with the process.
@NullMarked
package dev.signalbox.store.memory;

import org.jspecify.annotations.NullMarked;
