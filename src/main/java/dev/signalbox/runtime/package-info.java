/// Execution: workers that claim runs and drive each through its pipeline.
@NullMarked
package dev.signalbox.runtime;

import org.jspecify.annotations.NullMarked;
