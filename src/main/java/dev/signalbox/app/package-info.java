/// Wiring: `Main`, the listeners, who the callers are, which backend and which roles run.
///
/// Everything may be imported from here and nothing imports it.
@NullMarked
package dev.signalbox.app;

import org.jspecify.annotations.NullMarked;
