/// Verification of what an agent produced, before it counts.
@NullMarked
package dev.signalbox.domain.verify;

import org.jspecify.annotations.NullMarked;
