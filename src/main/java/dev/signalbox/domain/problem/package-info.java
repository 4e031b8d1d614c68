/// Categorised errors: every refusal has a stable code, whoever meets it.
@NullMarked
package dev.signalbox.domain.problem;

import org.jspecify.annotations.NullMarked;
