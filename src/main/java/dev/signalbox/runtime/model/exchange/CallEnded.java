package dev.signalbox.runtime.model.exchange;

import dev.signalbox.runtime.model.ModelReply;

/// Carries how a call ended from under LangChain4j, which has no room for it in its own exceptions:
/// they keep neither headers nor what kind of time-out it was.
final class CallEnded extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ModelReply reply;

    CallEnded(ModelReply reply) {
        super(null, null, false, false);
        this.reply = reply;
    }

    ModelReply reply() {
        return reply;
    }
}
