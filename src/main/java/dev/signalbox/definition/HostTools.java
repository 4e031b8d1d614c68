package dev.signalbox.definition;

import java.util.Set;

/// The Java tools that the host's code offers to documents.
@FunctionalInterface
public interface HostTools {

    /// A host without Java tools.
    HostTools NONE = Set::of;

    /// The names of all of them.
    Set<String> names();
}
