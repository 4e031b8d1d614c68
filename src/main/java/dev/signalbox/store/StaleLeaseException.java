package dev.signalbox.store;

/// Somebody else holds the run now, or its journal has grown: whoever gets this stops working on
/// the
/// run and writes nothing more to it.
public final class StaleLeaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StaleLeaseException(Lease lease) {
        super("epoch " + lease.epoch() + " of run " + lease.runId() + " is not current");
    }
}
