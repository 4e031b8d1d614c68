package dev.signalbox.operator;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.run.Progress;
import dev.signalbox.domain.run.ToolCall;
import java.util.List;
import java.util.stream.Stream;

/// Calls of a run of which a person can say what became of them.
///
/// @param unknown nobody knows whether they happened: the run cannot go on before somebody says
/// @param failed compensations that have failed: somebody may have seen to them by hand
record OpenCalls(List<EffectId> unknown, List<EffectId> failed) {

    static final OpenCalls NONE = new OpenCalls(List.of(), List.of());

    OpenCalls {
        unknown = List.copyOf(unknown);
        failed = List.copyOf(failed);
    }

    static OpenCalls of(Progress progress) {
        return new OpenCalls(
                progress.unknownOutcomes().stream().map(ToolCall::effectId).toList(),
                progress.steps().failedCompensations().stream().map(ToolCall::effectId).toList());
    }

    List<EffectId> all() {
        return Stream.concat(unknown.stream(), failed.stream()).toList();
    }
}
