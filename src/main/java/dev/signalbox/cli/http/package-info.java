/// The planes as a client sees them: where they are, who calls, and what can go wrong.
@NullMarked
package dev.signalbox.cli.http;

import org.jspecify.annotations.NullMarked;
