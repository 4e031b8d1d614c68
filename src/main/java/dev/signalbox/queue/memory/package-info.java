/// The queue of a process that works alone.
@NullMarked
package dev.signalbox.queue.memory;

import org.jspecify.annotations.NullMarked;
