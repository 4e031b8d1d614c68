package dev.signalbox.runtime.model.exchange;

import java.time.Duration;
import java.util.Optional;

/// Where a provider's models are, and how long a call may take.
public interface Connection {

    /// Root of the API.
    Optional<String> baseUrl();

    Optional<String> apiKey();

    /// From connecting to the last byte of an answer.
    Duration timeout();

    /// For the connection alone.
    Duration connectTimeout();
}
