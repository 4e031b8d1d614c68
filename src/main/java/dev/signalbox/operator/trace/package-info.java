/// A run's trace, rebuilt from its journal.
@org.jspecify.annotations.NullMarked
package dev.signalbox.operator.trace;
