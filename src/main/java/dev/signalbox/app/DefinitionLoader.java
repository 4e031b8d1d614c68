package dev.signalbox.app;

import dev.signalbox.definition.DefinitionReader;
import dev.signalbox.definition.Definitions;
import dev.signalbox.domain.problem.Problem;
import dev.signalbox.domain.problem.ProblemException;
import dev.signalbox.observe.Role;
import dev.signalbox.observe.Roles;
import dev.signalbox.store.DefinitionStore;
import dev.signalbox.store.DefinitionStore.StoredDefinition;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/// Reads the definitions directory at start and stores what it says. A wrong document keeps the
/// application from starting, so that it never runs with half of what was meant.
@ApplicationScoped
class DefinitionLoader {

    private static final Logger LOG = Logger.getLogger(DefinitionLoader.class);
    private static final int FIRST = 1;
    private static final long PATIENCE_SECONDS = 60;

    private final DefinitionReader reader;
    private final DefinitionStore store;
    private final JobLoader jobs;
    private final Roles roles;
    private final InstantSource clock;
    private final Path directory;

    DefinitionLoader(
            DefinitionReader reader,
            DefinitionStore store,
            JobLoader jobs,
            Roles roles,
            InstantSource clock,
            @ConfigProperty(name = "signalbox.definitions") String directory) {
        this.reader = reader;
        this.store = store;
        this.jobs = jobs;
        this.roles = roles;
        this.clock = clock;
        this.directory = Path.of(directory).toAbsolutePath().normalize();
    }

    void load(@Observes @Priority(FIRST) StartupEvent event) throws Exception {
        if (!Files.isDirectory(directory)) {
            LOG.warnf("there is no directory %s: no definitions are loaded", directory);
            return;
        }
        Definitions read = read();
        List<StoredDefinition> definitions = stored(read);
        store.apply(definitions)
                .subscribeAsCompletionStage()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (roles.has(Role.RUNTIME)) {
            jobs.load(read.jobs())
                    .subscribeAsCompletionStage()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        LOG.infof(
                "definitions of %s: %s",
                directory,
                definitions.stream()
                        .map(one -> one.ref().name() + " " + one.ref().version())
                        .sorted()
                        .collect(Collectors.joining(", ")));
    }

    private Definitions read() {
        try {
            return reader.readDirectory(directory);
        } catch (ProblemException wrong) {
            throw new ConfigurationException(message(wrong.problem()));
        }
    }

    private static String message(Problem problem) {
        return problem.detail()
                + problem.violations().stream()
                        .map(violation -> "\n  " + violation.field() + ": " + violation.expected())
                        .collect(Collectors.joining());
    }

    private List<StoredDefinition> stored(Definitions definitions) {
        Instant now = clock.instant();
        return definitions.runnable().stream()
                .map(one -> new StoredDefinition(one.ref(), reader.toBundle(one), now))
                .toList();
    }
}
