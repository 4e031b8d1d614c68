/// The listeners: which plane a request came in on, what is visible there, and how it is refused.
@NullMarked
package dev.signalbox.app.http;

import org.jspecify.annotations.NullMarked;
