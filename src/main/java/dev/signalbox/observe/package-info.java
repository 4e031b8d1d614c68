/// Names of spans, attributes and metrics in one place, and the probes of health.
@NullMarked
package dev.signalbox.observe;

import org.jspecify.annotations.NullMarked;
