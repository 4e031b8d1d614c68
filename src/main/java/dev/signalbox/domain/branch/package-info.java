/// Branches: a run that goes on from another one's checkpoint, with a plan for what that one did
/// afterwards.
@NullMarked
package dev.signalbox.domain.branch;

import org.jspecify.annotations.NullMarked;
