package dev.signalbox.queue;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// Whether something can be reached, said once when it goes and once when it is back: an outage of
/// an hour is two lines in the log.
public final class Outage {

    private static final Logger LOG = Logger.getLogger(Outage.class);

    private final String what;
    private final String meanwhile;
    private final AtomicBoolean under = new AtomicBoolean();

    /// @param what cannot be reached
    /// @param meanwhile what becomes of the work until it is back
    public Outage(String what, String meanwhile) {
        this.what = what;
        this.meanwhile = meanwhile;
    }

    public boolean underWay() {
        return under.get();
    }

    public void began(Throwable failure) {
        if (under.compareAndSet(false, true)) {
            LOG.warnf(
                    "%s cannot be reached (%s): %s",
                    what,
                    failure.getMessage() == null
                            ? failure.getClass().getName()
                            : failure.getMessage(),
                    meanwhile);
        }
    }

    public void ended() {
        if (under.compareAndSet(true, false)) {
            LOG.infof("%s is back", what);
        }
    }
}
