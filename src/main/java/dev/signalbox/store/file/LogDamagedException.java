package dev.signalbox.store.file;

import java.nio.file.Path;

/// A log has lost bytes that it had promised to keep: not the torn end that a crash leaves, but
/// damage to the file. Opening stops, for going on would silently forget what follows.
public final class LogDamagedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LogDamagedException(Path file, long at, String what) {
        super(
                "%s is damaged at byte %d: %s. Restore the directory from a copy."
                        .formatted(file, at, what));
    }
}
