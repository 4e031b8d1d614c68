/// For host code: tools that run inside the worker's process, as methods of CDI beans.
@NullMarked
package dev.signalbox.tool;

import org.jspecify.annotations.NullMarked;
