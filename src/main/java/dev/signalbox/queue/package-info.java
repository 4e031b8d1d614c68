/// How hints travel: the contract of the queue, the relay that turns committed wake-ups into
/// messages, and CloudEvents.
///
/// Guarantee: the run's row is the outbox, so losing a message, or the broker, loses nothing.
@NullMarked
package dev.signalbox.queue;

import org.jspecify.annotations.NullMarked;
