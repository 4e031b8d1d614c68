package dev.signalbox.cli.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A path and its parameters, whatever characters they are made of.
public final class Query {

    private final StringBuilder path;
    private final List<String> parameters = new ArrayList<>();

    private Query(String path) {
        this.path = new StringBuilder(path);
    }

    /// @param path as it goes out, such as `/operator/v1`
    /// @param names the segments below it, as people write them
    /// @throws IllegalArgumentException for a segment that would lead elsewhere
    public static Query of(String path, String... names) {
        Query query = new Query(path);
        for (String name : names) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("'" + name + "' is no name and no id");
            }
            query.path.append('/').append(encoded(name));
        }
        return query;
    }

    public Query with(String name, @Nullable Object value) {
        if (value != null && !value.toString().isEmpty()) {
            parameters.add(name + "=" + encoded(value.toString()));
        }
        return this;
    }

    public Query with(String name, Optional<?> value) {
        return with(name, value.orElse(null));
    }

    public Query withAll(String name, List<String> values) {
        values.forEach(value -> with(name, value));
        return this;
    }

    /// The same with one parameter more.
    Query and(String name, Object value) {
        Query more = new Query(path.toString());
        more.parameters.addAll(parameters);
        return more.with(name, value);
    }

    /// The same from the item after `position` on.
    public Query after(long position) {
        return and("cursor", position);
    }

    @Override
    public String toString() {
        return parameters.isEmpty() ? path.toString() : path + "?" + String.join("&", parameters);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
