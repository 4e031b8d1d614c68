package dev.signalbox.support;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// Catches what is logged with a stack trace while it is set.
public final class LogTrap extends Handler implements AutoCloseable {

    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private LogTrap() {}

    public static LogTrap set() {
        LogTrap trap = new LogTrap();
        Logger.getLogger("").addHandler(trap);
        return trap;
    }

    public List<Throwable> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void publish(LogRecord event) {
        if (event.getThrown() != null) {
            failures.add(event.getThrown());
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
