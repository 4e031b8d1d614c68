package dev.signalbox.domain.verify;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.List;

/// Holds values against JSON Schemas.
///
/// Guarantee: pure and non-blocking; fetches nothing, compiles each schema once.
@FunctionalInterface
public interface SchemaCheck {

    /// What is wrong with `value`, one sentence each, without repeating large or secret values;
    /// empty if it matches.
    List<String> findings(JsonObject schema, Json value);
}
