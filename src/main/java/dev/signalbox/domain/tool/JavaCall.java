package dev.signalbox.domain.tool;

import java.time.Duration;

/// A tool that is a method of the host's code, inside the worker's process.
///
/// @param name under which the host's code offers it
public record JavaCall(String name, Duration timeout) implements Transport.Answered {}
