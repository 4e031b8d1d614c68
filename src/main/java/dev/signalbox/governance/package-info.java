/// For host code: hearing of what is decided about runs, inside the worker's process.
@NullMarked
package dev.signalbox.governance;

import org.jspecify.annotations.NullMarked;
