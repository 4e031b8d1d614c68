/// The queue over AMQP 1.0: channels of SmallRye Reactive Messaging on a connector of our own,
/// which
/// keeps what our guarantees need (see `docs/adr`): bodies as they came, credit as configured, one
/// connection that is made again for as long as it takes, and sends that fail soon.
@NullMarked
package dev.signalbox.queue.amqp;

import org.jspecify.annotations.NullMarked;
