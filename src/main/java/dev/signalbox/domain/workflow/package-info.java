/// Workflows: their definitions and the planner that decides, from a run's state alone, what comes
/// next.
@NullMarked
package dev.signalbox.domain.workflow;

import org.jspecify.annotations.NullMarked;
