package dev.signalbox.store.memory;

import dev.signalbox.domain.json.Json;
import java.util.Optional;

/// What a row is after a call. Putting the same change in place twice, or a newer one before an older
/// and a newer, leads to the same state.
///
/// @param row empty if the row is gone
public record Change(String table, String key, Optional<Json> row) {}
