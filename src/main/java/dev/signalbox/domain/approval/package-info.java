/// Approvals: a person's decision on one exact call.
@NullMarked
package dev.signalbox.domain.approval;

import org.jspecify.annotations.NullMarked;
