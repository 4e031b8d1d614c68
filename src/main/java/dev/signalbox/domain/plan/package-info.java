/// Plans: what can come next in a run, and what agents and workflows share in deciding it.
@NullMarked
package dev.signalbox.domain.plan;

import org.jspecify.annotations.NullMarked;
