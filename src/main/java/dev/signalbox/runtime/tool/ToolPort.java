package dev.signalbox.runtime.tool;

import io.smallrye.mutiny.Uni;

/// Sends tool calls out.
///
/// Guarantee: every ending is a [ToolOutcome], never an exception; a call that may have reached
/// the other side and gave no answer is [ToolOutcome.Unknown], never a failure.
public interface ToolPort {

    Uni<ToolOutcome> call(ToolInvocation invocation);
}
