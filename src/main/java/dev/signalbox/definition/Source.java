package dev.signalbox.definition;

/// A YAML text that holds definitions.
///
/// @param name what problems call it: a file's name
public record Source(String name, String text) {}
