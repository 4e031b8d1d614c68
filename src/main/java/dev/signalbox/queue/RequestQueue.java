package dev.signalbox.queue;

import io.smallrye.mutiny.Multi;

/// Requests for runs that come as messages.
public interface RequestQueue {

    /// Requests as they come, as many as are asked for. Never fails and never ends by itself: it
    /// reconnects for as long as it takes. A letter that is not acknowledged comes again.
    Multi<Letter> letters();
}
