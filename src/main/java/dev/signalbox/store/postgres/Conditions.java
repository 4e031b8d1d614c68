package dev.signalbox.store.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The conditions of a query over entities: only those that are asked for.
final class Conditions {

    private final List<String> texts = new ArrayList<>();
    private final Map<String, Object> parameters = new HashMap<>();

    Conditions and(String condition, String name, Object value) {
        texts.add(condition);
        parameters.put(name, value);
        return this;
    }

    Conditions and(String condition, String name, Optional<?> value) {
        return value.map(present -> and(condition, name, (Object) present)).orElse(this);
    }

    String text() {
        return String.join(" and ", texts);
    }

    Map<String, Object> parameters() {
        return parameters;
    }
}
