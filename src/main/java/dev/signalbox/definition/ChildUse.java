package dev.signalbox.definition;

import dev.signalbox.domain.run.DefinitionRef;
import java.util.Optional;

/// The name of an agent or a workflow where a step runs it.
///
/// @param version empty for the highest
/// @param path of the field, such as `workflow.steps[0].agent`
record ChildUse(
        DefinitionRef.Kind kind, String name, Optional<String> version, Place place, String path) {}
