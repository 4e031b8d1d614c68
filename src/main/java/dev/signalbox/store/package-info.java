/// The contracts of persistence. One suite of tests holds every backend to them.
@NullMarked
package dev.signalbox.store;

import org.jspecify.annotations.NullMarked;
