/// Typed identifiers: one record for each thing that has an identity, so that one never passes for
/// another.
@NullMarked
package dev.signalbox.domain.id;

import org.jspecify.annotations.NullMarked;
