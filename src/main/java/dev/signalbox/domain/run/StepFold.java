package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.RunEvent.StepEvent;
import java.time.Instant;

/// The part of [RunFold] that follows a workflow's steps.
final class StepFold {

    private StepFold() {}

    static Progress apply(Progress progress, StepEvent event, Instant at) {
        if (progress.identity().definition().kind() != DefinitionRef.Kind.WORKFLOW) {
            throw new IllegalHistoryException("only a workflow has steps");
        }
        return switch (event) {
            case RunEvent.StepStarted(String step, Digest input) ->
                    progress.onSteps(progress.steps().begin(step, input, at));
            case RunEvent.StepRetried retried -> progress.onSteps(progress.steps().retry(retried));
            case RunEvent.SignalDelivered delivered ->
                    progress.onSteps(progress.steps().delivered(delivered));
            case RunEvent.StepCompleted completed ->
                    progress.onSteps(progress.steps().end(completed));
        };
    }
}
