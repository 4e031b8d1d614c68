package dev.signalbox.runtime.http;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/// Where calls that definitions ask for may go.
@ConfigMapping(prefix = "signalbox.egress")
public interface EgressSettings {

    /// The servers that may be called: `api.example.com`, `*.example.com`, with `:PORT` that port
    /// only. Unset: any.
    Optional<List<String>> hosts();

    /// Addresses that may be called although they are not public: `10.0.0.0/8`, `127.0.0.1:8099`,
    /// `[fd00::/8]:80`. Unset: none. Link-local addresses and others where clouds serve metadata
    /// have to be named as such: a wider block does not include them.
    Optional<List<String>> privateAddresses();
}
