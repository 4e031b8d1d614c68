/// Jobs: when they fire, and what becomes of each firing. Pure.
@NullMarked
package dev.signalbox.domain.job;

import org.jspecify.annotations.NullMarked;
