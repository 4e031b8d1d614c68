/// Tools behind one port: calls that go out, and the four ways in which they end.
@NullMarked
package dev.signalbox.runtime.tool;

import org.jspecify.annotations.NullMarked;
