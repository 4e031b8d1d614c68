package dev.signalbox.queue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import java.time.Duration;

/// Which queue it is, and how wake-ups are sent and repeated.
@ConfigMapping(prefix = "signalbox.queue")
public interface QueueSettings {

    /// The value of `signalbox.queue` itself.
    @WithParentName
    Kind kind();

    /// The kinds of queue.
    enum Kind {
        /// An AMQP 1.0 broker, at `amqp-host` and `amqp-port`.
        AMQP,
        /// Within the process; nothing is sent, and no requests come.
        MEMORY
    }

    /// How often the store is asked for runs that are due.
    @WithDefault("PT1S")
    Duration sweep();

    /// How long after a hint was sent it is sent again if nobody came; also how long a hint lives.
    @WithDefault("PT15S")
    Duration resend();

    /// Most hints of one sweep.
    @WithDefault("500")
    int sweepLimit();

    /// How long sending one message may take.
    @WithDefault("PT3S")
    Duration sendTimeout();
}
