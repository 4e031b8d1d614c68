package dev.signalbox.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What Linux says about this machine and its processes.
final class Machine {

    private static final Path PROC = Path.of("/proc");
    private static final long TICK_NANOS = 10_000_000;
    private static final int PARENT = 1;
    private static final int OWN = 11;
    private static final int ENDED_CHILDREN = 13;

    private Machine() {}

    /// Processor time of one process.
    static long cpuNanos(long process) {
        return ticks(stat(process), OWN) * TICK_NANOS;
    }

    /// Processor time of a process and its children, those that have ended too. A child that ends
    /// while the others are counted would be counted twice or not at all: then all is read anew.
    static long familyNanos(long parent) {
        long ended;
        long ticks;
        do {
            List<String> own = stat(parent);
            ended = ticks(own, ENDED_CHILDREN);
            ticks = ended + ticks(own, OWN) + childrenTicks(parent);
        } while (ticks(stat(parent), ENDED_CHILDREN) != ended);
        return ticks * TICK_NANOS;
    }

    private static long childrenTicks(long parent) {
        return processes()
                .map(Machine::stat)
                .filter(stat -> Long.parseLong(stat.get(PARENT)) == parent)
                .mapToLong(stat -> ticks(stat, OWN))
                .sum();
    }

    static long parent(long process) {
        return Long.parseLong(stat(process).get(PARENT));
    }

    /// Memory of the process that is in RAM, in bytes.
    static long residentBytes(long process) {
        return lines(PROC.resolve(process + "/status"), "VmRSS:")
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    /// One line for a report.
    static String description() {
        String processor =
                lines(PROC.resolve("cpuinfo"), "model name")
                        .map(line -> line.substring(line.indexOf(':') + 1).trim())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
        return String.format(
                Locale.ROOT,
                "Measured %s on %d cores (%s), load %s before; JDK %s",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                processor,
                text(PROC.resolve("loadavg")).split(" ", 2)[0],
                Runtime.version());
    }

    private static long ticks(List<String> stat, int at) {
        return Long.parseLong(stat.get(at)) + Long.parseLong(stat.get(at + 1));
    }

    private static Stream<Long> processes() {
        return ProcessHandle.allProcesses().map(ProcessHandle::pid);
    }

    /// The fields after the process's name; zeros for one that has just ended.
    private static List<String> stat(long process) {
        String text = text(PROC.resolve(process + "/stat"));
        return text.isEmpty()
                ? Stream.generate(() -> "0").limit(20).toList()
                : List.of(text.substring(text.lastIndexOf(')') + 2).split(" ", -1));
    }

    private static Stream<String> lines(Path file, String start) {
        return text(file).lines().filter(line -> line.startsWith(start));
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException gone) {
            if (file.startsWith(PROC)) {
                return "";
            }
            throw new UncheckedIOException(gone);
        }
    }
}
