/// JSON as values: what flows through the pure core without a parser or a framework, with one
/// canonical text.
@NullMarked
package dev.signalbox.domain.json;

import org.jspecify.annotations.NullMarked;
