/// Audit records: who commanded what, and whether it was allowed.
@NullMarked
package dev.signalbox.domain.audit;

import org.jspecify.annotations.NullMarked;
