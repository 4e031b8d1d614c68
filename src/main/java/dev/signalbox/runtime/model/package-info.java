/// Models behind one port: what goes to a model, what comes back, and which failures are which.
@NullMarked
package dev.signalbox.runtime.model;

import org.jspecify.annotations.NullMarked;
