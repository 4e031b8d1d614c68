/// Who the callers are: tokens, sessions of the console, and the boundary between the planes.
@NullMarked
package dev.signalbox.app.auth;

import org.jspecify.annotations.NullMarked;
