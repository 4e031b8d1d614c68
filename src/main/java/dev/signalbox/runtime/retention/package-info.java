/// Removing runs whose time is over.
@NullMarked
package dev.signalbox.runtime.retention;

import org.jspecify.annotations.NullMarked;
