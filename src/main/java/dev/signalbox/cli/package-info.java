/// The command line `signalbox`, for people at a terminal and for scripts.
///
/// Guarantee: a client like any other. It speaks HTTP with the planes and nothing else, knows of the
/// product only the domain's values, and starts without the application's framework. Consequence: it
/// can do what its token's roles allow, and a refusal is shown as the server said it.
@NullMarked
package dev.signalbox.cli;

import org.jspecify.annotations.NullMarked;
