/// What tells the outside of committed events: a durable note for each sink, delivered until it is
/// taken.
@NullMarked
package dev.signalbox.runtime.sink;

import org.jspecify.annotations.NullMarked;
