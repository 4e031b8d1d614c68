/// The domain's values as JSON text and back: one codec for storage, queues and APIs alike.
@NullMarked
package dev.signalbox.wire;

import org.jspecify.annotations.NullMarked;
