/// Values as text: tables, JSON, YAML, progress.
///
/// Guarantee: whatever a run, a tool or a definition contains, nothing that is printed can command a
/// terminal (see [Plain]).
@NullMarked
package dev.signalbox.cli.text;

import org.jspecify.annotations.NullMarked;
