/// Runs: their journal's events, the states those fold to, and the legal moves between them.
@NullMarked
package dev.signalbox.domain.run;

import org.jspecify.annotations.NullMarked;
