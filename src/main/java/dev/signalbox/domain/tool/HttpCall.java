package dev.signalbox.domain.tool;

import java.time.Duration;

/// How a tool is called over HTTP.
///
/// With `GET` and `DELETE` the arguments go into the query string, otherwise into a JSON body;
/// `{argument}` in the URL's path takes the argument of that name instead. `${NAME}` in the URL is
/// taken from the host's configuration at call time.
///
/// @param timeout from connecting to the last byte of the answer
public record HttpCall(Method method, String url, Duration timeout) implements Transport.Answered {

    /// HTTP methods that a tool may use.
    public enum Method {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE
    }
}
