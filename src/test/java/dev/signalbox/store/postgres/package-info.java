/// The contracts of persistence, kept by the postgres store.
@NullMarked
package dev.signalbox.store.postgres;

import org.jspecify.annotations.NullMarked;
