package dev.signalbox.definition;

/// A tool's name where an agent or a workflow uses it.
///
/// @param path of the field, such as `agent.tools`
record ToolUse(String tool, Place place, String path) {}
