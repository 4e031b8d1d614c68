/// Policies: which calls may go out, which need a person, and why; everything else is denied.
@NullMarked
package dev.signalbox.domain.policy;

import org.jspecify.annotations.NullMarked;
