package dev.signalbox.runtime.tool;

import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.runtime.tool.ToolOutcome.Failed;

/// A call that cannot be made as its document and the host's configuration stand. Nothing was sent.
final class CallRefused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    CallRefused(String code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    ToolOutcome outcome() {
        return new Failed(code, String.valueOf(getMessage()), JsonNull.NULL);
    }
}
