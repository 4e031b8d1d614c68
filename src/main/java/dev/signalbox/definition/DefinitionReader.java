package dev.signalbox.definition;

import dev.signalbox.domain.job.JobDefinition;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads definitions.
///
/// Guarantee: strict. A load is taken as a whole or refused as a whole, with
/// [ProblemCode#INVALID_DEFINITION] and every problem that it has: `file:line`, what was found and
/// what was expected. What was read evaluates as it was checked: every expression compiles, every
/// schema is one, every reference leads somewhere.
public final class DefinitionReader {

    private final CelExpressions expressions;
    private final Schemas schemas;
    private final HostTools hostTools;
    private final RemoteDocuments remote;
    private final CronExpressions crons = new CronExpressions();

    /// A reader for a host without Java tools.
    public DefinitionReader(CelExpressions expressions, Schemas schemas) {
        this(expressions, schemas, HostTools.NONE);
    }

    /// A reader for a host that fetches nothing from other servers.
    public DefinitionReader(CelExpressions expressions, Schemas schemas, HostTools hostTools) {
        this(expressions, schemas, hostTools, RemoteDocuments.NONE);
    }

    public DefinitionReader(
            CelExpressions expressions,
            Schemas schemas,
            HostTools hostTools,
            RemoteDocuments remote) {
        this.expressions = expressions;
        this.schemas = schemas;
        this.hostTools = hostTools;
        this.remote = remote;
    }

    /// The definitions of all `*.yaml` and `*.yml` files of a directory, its sub-directories left
    /// alone. Blocks on the disk.
    public Definitions readDirectory(Path directory) {
        Problems problems = new Problems(List.of());
        List<Source> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            files.filter(DefinitionReader::isDefinition)
                    .sorted()
                    .forEach(file -> source(file, problems).ifPresent(sources::add));
        } catch (IOException unreadable) {
            problems.add(
                    new Place(directory.toString(), 0),
                    "expected a readable directory with definitions");
        }
        problems.throwIfAny();
        return read(sources, Optional.of(directory));
    }

    /// The definitions of `sources`, which name no files.
    public Definitions read(List<Source> sources) {
        return read(sources, Optional.empty());
    }

    private Definitions read(List<Source> sources, Optional<Path> directory) {
        Problems problems = new Problems(sources.stream().map(Source::name).toList());
        Load load =
                new Load(
                        new Checks(problems, expressions, schemas, Optional.of(hostTools)),
                        new Imports(directory, remote),
                        crons);
        for (Source source : sources) {
            YamlReader.Result result = YamlReader.read(source, problems);
            result.documents().forEach(load::add);
            if (!result.complete()) {
                load.incomplete();
            }
        }
        return load.finish();
    }

    /// The definition as one JSON value, with everything that it refers to.
    public JsonObject toBundle(PinnedDefinition definition) {
        return Bundles.of(definition);
    }

    /// The definition that [#toBundle] wrote.
    ///
    /// @throws dev.signalbox.domain.problem.ProblemException with `invalid_definition` if it is not
    ///     a bundle, or not the one that its digest names
    public PinnedDefinition fromBundle(Json bundle) {
        Checks checks = new Checks(new Problems(List.of()), expressions, schemas, Optional.empty());
        return new Bundles(checks).read(bundle);
    }

    /// The job as a document, in one form: defaults are written out.
    public JsonObject toDocument(JobDefinition job) {
        return Documents.of(job);
    }

    /// The job that a document says; what it refers to is not looked up.
    ///
    /// @param document as [#toDocument] or a client wrote it
    /// @throws dev.signalbox.domain.problem.ProblemException with `invalid_definition` if it is no
    ///     such document
    public JobDefinition readJob(JsonObject document) {
        Problems problems = new Problems(List.of());
        Checks checks = new Checks(problems, expressions, schemas, Optional.empty());
        Optional<JobDefinition> job =
                Fields.of("job", Node.of(document, "job"), problems, JobReader.FIELDS)
                        .map(new JobReader(checks, crons)::read);
        problems.throwIfAny();
        return job.orElseThrow();
    }

    private static boolean isDefinition(Path file) {
        String name = file.getFileName().toString();
        return (name.endsWith(".yaml") || name.endsWith(".yml"))
                && !name.startsWith(".")
                && Files.isRegularFile(file);
    }

    private static Optional<Source> source(Path file, Problems problems) {
        String name = file.getFileName().toString();
        try {
            return Optional.of(new Source(name, Files.readString(file)));
        } catch (CharacterCodingException _) {
            problems.add(new Place(name, 0), "expected a text in UTF-8");
        } catch (IOException _) {
            problems.add(new Place(name, 0), "cannot be read");
        }
        return Optional.empty();
    }
}
