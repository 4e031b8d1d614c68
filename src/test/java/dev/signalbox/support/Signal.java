package dev.signalbox.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Signals of the operating system to processes that a test has started.
public enum Signal {
    STOP,
    TERM,
    CONT;

    public void to(long... pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + name()));
        for (long pid : pids) {
            command.add(Long.toString(pid));
        }
        try {
            // One that has ended in the meantime needs no signal.
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /// To a process and all that it has started: to the first one first, so that it starts no more.
    public void toFamily(long pid) {
        to(pid);
        to(
                ProcessHandle.of(pid)
                        .map(ProcessHandle::descendants)
                        .orElseGet(Stream::empty)
                        .mapToLong(ProcessHandle::pid)
                        .toArray());
    }
}
