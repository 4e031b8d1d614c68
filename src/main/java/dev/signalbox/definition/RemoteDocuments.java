package dev.signalbox.definition;

import java.io.IOException;
import java.net.URI;

/// Fetches documents that definitions are made of from other servers.
@FunctionalInterface
public interface RemoteDocuments {

    /// A host that fetches nothing.
    RemoteDocuments NONE =
            _ -> {
                throw new IOException("this host fetches no documents");
            };

    /// The document's text. Blocks.
    String fetch(URI uri) throws IOException;
}
