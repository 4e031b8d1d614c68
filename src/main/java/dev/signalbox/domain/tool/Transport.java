package dev.signalbox.domain.tool;

import java.time.Duration;

/// How a tool is reached.
public sealed interface Transport permits RunCall, Transport.Answered {

    /// By a call that is answered while the worker waits.
    sealed interface Answered extends Transport permits HttpCall, JavaCall {

        /// How long an answer is waited for.
        Duration timeout();
    }
}
