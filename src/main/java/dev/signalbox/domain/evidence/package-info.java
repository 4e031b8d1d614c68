/// What can be said of runs from their journals alone: where two differ, whether one would be
/// decided the same again, each statement with the entry that proves it.
@org.jspecify.annotations.NullMarked
package dev.signalbox.domain.evidence;
