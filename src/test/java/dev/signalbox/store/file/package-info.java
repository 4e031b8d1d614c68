@NullMarked
package dev.signalbox.store.file;

import org.jspecify.annotations.NullMarked;
