/// Fires jobs: looks what is due, decides by the pure planner, and commits firing and run together.
@NullMarked
package dev.signalbox.runtime.schedule;

import org.jspecify.annotations.NullMarked;
