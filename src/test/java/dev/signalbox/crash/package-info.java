/// The proof that a crash loses nothing and doubles nothing: reference runs, killed at every
/// boundary.
@NullMarked
package dev.signalbox.crash;

import org.jspecify.annotations.NullMarked;
