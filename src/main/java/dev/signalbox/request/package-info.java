/// The request surface: submits runs, shows them, follows them and signals to them, over REST and
/// over the queue.
///
/// Guarantee: nothing is acknowledged before it is durable.
@NullMarked
package dev.signalbox.request;

import org.jspecify.annotations.NullMarked;
