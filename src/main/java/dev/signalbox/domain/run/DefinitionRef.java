package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;

/// The exact version of a definition that a run pins.
public record DefinitionRef(Kind kind, String name, String version, Digest digest) {

    /// What is being run.
    public enum Kind {
        AGENT,
        WORKFLOW
    }
}
