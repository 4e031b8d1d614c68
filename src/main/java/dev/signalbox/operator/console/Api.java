package dev.signalbox.operator.console;

/// The calls of the API that do the same as a page, for those who would rather type.
final class Api {

    private Api() {}

    static String post(String baseUri, String path, String body) {
        return "curl -X POST "
                + base(baseUri)
                + path
                + " \\\n  -H \"Authorization: Bearer $SIGNALBOX_OPERATOR_TOKEN\" \\\n"
                + "  -H 'Content-Type: application/json' \\\n  -d '"
                + body
                + "'";
    }

    /// A run to submit, for pages that have nothing to show yet.
    static String submit(String requestUri) {
        return "curl -X POST "
                + base(requestUri)
                + "/v1/runs \\\n  -H \"Authorization: Bearer $SIGNALBOX_REQUEST_TOKEN\" \\\n"
                + "  -H 'Content-Type: application/json' \\\n"
                + "  -d '{\"definition\": \"refund-agent\", \"input\": {\"orderId\": \"A-120\","
                + " \"amount\": 120}}'";
    }

    private static String base(String uri) {
        return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }
}
