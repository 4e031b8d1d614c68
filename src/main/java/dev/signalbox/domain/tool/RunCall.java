package dev.signalbox.domain.tool;

import java.util.Optional;

/// A tool that is a run of its own. The arguments are the run's input, and what comes of it is the
/// result.
///
/// @param version of the definition; the highest if it is absent
public record RunCall(Of kind, String name, Optional<String> version) implements Transport {

    /// What is run.
    public enum Of {
        AGENT,
        WORKFLOW
    }
}
