@NullMarked
package dev.signalbox.runtime.sink;

import org.jspecify.annotations.NullMarked;
