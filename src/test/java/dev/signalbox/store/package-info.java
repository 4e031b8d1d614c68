/// One suite for every backend: each contract is an abstract class, each backend descends from it.
@NullMarked
package dev.signalbox.store;

import org.jspecify.annotations.NullMarked;
