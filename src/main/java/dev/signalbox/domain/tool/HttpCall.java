package dev.signalbox.domain.tool;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a tool is called over HTTP.
///
/// `{argument}` in the URL takes the argument of that name, and `${NAME}` is taken from the host's
/// configuration at call time. The other arguments go where `placement` says, and the rest of them
/// into the query string with `GET` and `DELETE`, otherwise into a JSON body.
///
/// @param timeout from connecting to the last byte of the answer
public record HttpCall(Method method, String url, Duration timeout, Placement placement)
        implements Transport.Answered {

    /// A call whose arguments go where the method says.
    public HttpCall(Method method, String url, Duration timeout) {
        this(method, url, timeout, Placement.BY_METHOD);
    }

    /// HTTP methods that a tool may use.
    public enum Method {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE
    }

    /// Where arguments go, whatever the method.
    ///
    /// @param query arguments that go into the query string
    /// @param headers arguments that go into a header, with its name
    /// @param body the argument that is the whole body
    public record Placement(
            List<String> query, Map<String, String> headers, Optional<String> body) {

        public static final Placement BY_METHOD =
                new Placement(List.of(), Map.of(), Optional.empty());

        public Placement {
            query = List.copyOf(query);
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }
    }
}
