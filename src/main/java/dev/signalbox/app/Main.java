package dev.signalbox.app;

import dev.signalbox.app.http.Listeners;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.observe.Roles;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Starts what is embedded, then the application; stops them the other way round.
@QuarkusMain
public final class Main {

    private static final Logger LOG = Logger.getLogger(Main.class);

    /// How long the embedded parts wait for the application to end before they stop under it.
    private static final long PATIENCE_SECONDS = 60;

    private final EmbeddedParts parts = new EmbeddedParts();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger();
    private volatile boolean stopping;

    private Main() {}

    public static void main(String... arguments) {
        System.exit(new Main().run(arguments));
    }

    private int run(String... arguments) {
        // A signal runs all shutdown hooks side by side; this one lets the application end first.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "embedded-parts"));
        try {
            Listeners.leaveClosed(Roles.of(ConfigProvider.getConfig()));
            Stores.leaveOutUnused(ConfigProvider.getConfig());
            parts.start(ConfigProvider.getConfig());
            if (!stopping) {
                Quarkus.run(Announcement.class, this::atExit, arguments);
            }
        } catch (EmbeddedPartException | ConfigurationException refused) {
            atExit(1, refused);
        } finally {
            ended.countDown();
        }
        return exitCode.get();
    }

    private void atExit(int code, @Nullable Throwable failure) {
        exitCode.set(code);
        if (failure == null || stopping) {
            return;
        }
        Optional<String> reason = knownReason(failure);
        if (reason.isPresent()) {
            // The log may not be there yet.
            System.err.println("Signalbox cannot start: " + reason.get());
        } else {
            LOG.error("Signalbox cannot start", failure);
        }
    }

    /// What to put right, where a stack trace would only hide it.
    private static Optional<String> knownReason(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .flatMap(
                        cause ->
                                switch (cause) {
                                    case EmbeddedPartException refused ->
                                            Stream.of(withCause(refused));
                                    case ProblemException problem ->
                                            Stream.of(problem.getMessage());
                                    case QuarkusBindException taken ->
                                            Stream.of("the port " + taken.getPort() + " is taken");
                                    case ConfigurationException wrong ->
                                            Stream.of(withCause(wrong));
                                    default -> Stream.<String>empty();
                                })
                .findFirst();
    }

    private static String withCause(RuntimeException refused) {
        Throwable cause = refused.getCause();
        String reason = String.valueOf(refused.getMessage());
        return cause == null ? reason : reason + " (" + cause + ")";
    }

    private void stop() {
        stopping = true;
        boolean inOrder = false;
        try {
            inOrder = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        parts.stop();
        if (!inOrder) {
            System.err.println("Signalbox did not end in time");
            Runtime.getRuntime().halt(1);
        }
    }
}
