@NullMarked
package dev.signalbox.wire;

import org.jspecify.annotations.NullMarked;
