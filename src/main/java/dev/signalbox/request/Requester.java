package dev.signalbox.request;

import dev.signalbox.queue.TraceParent;
import java.util.Optional;

/// On whose behalf a run is submitted.
///
/// @param key the client's own name for the request
/// @param trace where in a trace it was asked for
record Requester(String tenant, String name, Optional<String> key, Optional<TraceParent> trace) {}
