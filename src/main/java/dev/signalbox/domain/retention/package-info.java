/// How long runs that have ended are kept, what is left of those that are gone, and what holds them.
@NullMarked
package dev.signalbox.domain.retention;

import org.jspecify.annotations.NullMarked;
