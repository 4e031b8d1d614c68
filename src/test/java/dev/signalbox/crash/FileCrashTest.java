package dev.signalbox.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import dev.signalbox.crash.Sweep.Outcome;
import dev.signalbox.store.ApprovalInbox;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.store.file.CrashingFiles;
import dev.signalbox.store.memory.MemoryDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The reference runs over a directory: at every boundary the process dies and the disk loses what it
/// had not been made to keep, and the next process opens what is left.
@Tag("crash")
class FileCrashTest {

    @TempDir private Path directory;

    private final List<CrashingFiles> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(CrashingFiles::close);
    }

    static Stream<Reference> references() {
        return Reference.all().stream();
    }

    private Lab lab() {
        AtomicReference<Instant> now =
                new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        CrashingFiles files =
                new CrashingFiles(
                        directory.resolve(Integer.toString(opened.size())),
                        now::get,
                        opened.size());
        opened.add(files);
        return new Lab(
                newest(RunStore.class, files, MemoryDatabase::runs),
                newest(RunLeases.class, files, MemoryDatabase::leases),
                newest(RunInbox.class, files, MemoryDatabase::inbox),
                newest(ApprovalInbox.class, files, MemoryDatabase::approvals),
                now::get,
                _ -> {
                    files.crash();
                    now.updateAndGet(before -> before.plus(Lab.WHILE));
                });
    }

    /// The store as it was opened last.
    private static <T> T newest(
            Class<T> type, CrashingFiles files, Function<MemoryDatabase, T> store) {
        return type.cast(
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            try {
                                return method.invoke(store.apply(files.stores()), arguments);
                            } catch (InvocationTargetException failed) {
                                throw failed.getCause();
                            }
                        }));
    }

    @ParameterizedTest
    @MethodSource("references")
    void a_kill_at_any_boundary_changes_nothing(Reference reference) {
        for (Order order : Extent.orders()) {
            Outcome outcome =
                    new Sweep(
                                    this::lab,
                                    UuidCreator::getTimeOrderedEpochPlus1,
                                    reference,
                                    order,
                                    Rig.SOUND)
                            .kills(
                                    boundary ->
                                            boundary.kind().counts()
                                                    && (Extent.FULL
                                                            || boundary.step() % Extent.EVERY
                                                                    == 0));
            System.out.println(outcome);
            assertThat(outcome.findings()).isEmpty();
            assertThat(outcome.fired()).isPositive();
        }
    }
}
