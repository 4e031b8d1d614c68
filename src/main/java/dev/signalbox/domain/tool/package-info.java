/// What a tool declares of itself: its arguments, its side effect, and whether repeating a call is
/// safe.
@NullMarked
package dev.signalbox.domain.tool;

import org.jspecify.annotations.NullMarked;
