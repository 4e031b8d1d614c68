package dev.signalbox.archfixture.cli.cli;

import dev.signalbox.archfixture.cli.store.Rows;

/// The command line goes past the planes.
public record Shortcut(Rows rows) {}
