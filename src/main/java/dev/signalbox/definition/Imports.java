package dev.signalbox.definition;

import dev.signalbox.domain.id.Digest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The documents that definitions of kind `tools` are made of: files of the definitions directory
/// and below, or addresses.
///
/// Guarantee: what comes from another server is what its digest names, or it is refused.
final class Imports {

    static final String EXPECTED =
            "a file of the definitions directory, such as openapi/shop.yaml, or an https:// address";

    /// What was found: a text, or why there is none.
    sealed interface Import {
        record Text(Source source) implements Import {}

        record Refused(String why) implements Import {}
    }

    private final Optional<Path> directory;
    private final RemoteDocuments remote;

    /// @param directory empty if documents come without one, and so without files beside them
    Imports(Optional<Path> directory, RemoteDocuments remote) {
        this.directory = directory.map(path -> path.toAbsolutePath().normalize());
        this.remote = remote;
    }

    /// The document at `location`, held against its digest.
    Import read(String location, Optional<Digest> pinned) {
        Import read = location.contains("://") ? fetched(location) : file(location);
        if (!(read instanceof Import.Text(Source source))) {
            return read;
        }
        Digest digest = Digest.of(source.text());
        if (pinned.isPresent() && !pinned.get().equals(digest)) {
            return new Import.Refused(
                    "the document is not the one that 'digest' names; it is " + digest);
        }
        return pinned.isEmpty() && location.contains("://")
                ? new Import.Refused(
                        "a document of another server has to be pinned; expected 'digest', now "
                                + digest)
                : read;
    }

    private Import fetched(String location) {
        if (!location.matches("https?://[^\\s@]+")) {
            return new Import.Refused("expected " + EXPECTED);
        }
        try {
            return new Import.Text(new Source(location, remote.fetch(URI.create(location))));
        } catch (IOException | IllegalArgumentException failed) {
            return new Import.Refused("cannot be fetched: " + failed.getMessage());
        }
    }

    private Import file(String location) {
        if (directory.isEmpty()) {
            return new Import.Refused(
                    "only documents of the definitions directory can name files beside them;"
                            + " expected an https:// address");
        }
        Path file = directory.get().resolve(location).normalize();
        if (!file.startsWith(directory.get()) || Path.of(location).isAbsolute()) {
            return new Import.Refused("expected " + EXPECTED);
        }
        try {
            if (!file.toRealPath().startsWith(directory.get().toRealPath())) {
                return new Import.Refused("expected " + EXPECTED);
            }
            return new Import.Text(new Source(location, Files.readString(file)));
        } catch (CharacterCodingException _) {
            return new Import.Refused("expected a text in UTF-8");
        } catch (IOException _) {
            return new Import.Refused("there is no such file that can be read");
        }
    }
}
