package dev.signalbox.bench;

import dev.signalbox.support.SignalboxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The packaged application as a process of its own: from its start until it is ready, and what it
/// holds when nothing is asked of it.
class StartupBench {

    private static final int STARTS = 3;
    private static final long CALM_MILLIS = 3_000;
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    @Test
    void startAndRest() throws Exception {
        Path jar = Path.of("target", "quarkus-app", "quarkus-run.jar");
        Report report =
                new Report("startup")
                        .note("heap limit 512 MB; with the embedded PostgreSQL and broker")
                        .table(
                                "start",
                                "ready after ms",
                                "processor ms till then",
                                "resident MB",
                                "heap in use MB");
        if (!Files.exists(jar)) {
            report.line("The application is not packaged: `make package` first.").write();
            return;
        }
        Path data = Servers.empty(Path.of("target", "bench", "startup"));
        measure(report, data.resolve("new"), "on no data", true);
        measure(report, data.resolve("again"), "on its data", false);
        Servers.empty(data);
        report.write();
    }

    /// @param fresh whether each start is one on an empty directory
    private static void measure(Report report, Path data, String what, boolean fresh)
            throws Exception {
        List<Long> starts = new ArrayList<>();
        List<Long> processor = new ArrayList<>();
        List<Long> resident = new ArrayList<>();
        List<Long> heap = new ArrayList<>();
        for (int start = fresh ? 1 : 0; start <= STARTS; start++) {
            Path home = fresh ? data.resolveSibling(data.getFileName() + "-" + start) : data;
            try (SignalboxProcess process = new SignalboxProcess(home)) {
                long from = System.nanoTime();
                process.start();
                long ready = System.nanoTime() - from;
                long used = Machine.cpuNanos(process.pid());
                if (start > 0) {
                    Thread.sleep(CALM_MILLIS);
                    starts.add(ready);
                    processor.add(used);
                    heap.add(heap(process.pid()));
                    resident.add(Machine.residentBytes(process.pid()));
                }
            }
        }
        report.row(
                what, median(starts), median(processor), median(resident), median(heap));
    }

    private static double median(List<Long> bytes) {
        return bytes.stream().sorted().toList().get(bytes.size() / 2) / 1e6;
    }

    /// After a collection.
    private static long heap(long process) throws IOException, InterruptedException {
        ask(process, "GC.run");
        Matcher used = USED.matcher(ask(process, "GC.heap_info"));
        return used.find() ? Long.parseLong(used.group(1)) * 1024 : 0;
    }

    private static String ask(long process, String question)
            throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(process),
                                question)
                        .redirectErrorStream(true)
                        .start();
        String answer =
                new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        jcmd.waitFor();
        return answer;
    }
}
