package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.RunEvent.StepEvent;

/// The part of [RunFold] that follows a workflow's steps.
final class StepFold {

    private StepFold() {}

    static Progress apply(Progress progress, StepEvent event) {
        if (progress.identity().definition().kind() != DefinitionRef.Kind.WORKFLOW) {
            throw new IllegalHistoryException("only a workflow has steps");
        }
        return switch (event) {
            case RunEvent.StepStarted(String step, Digest input) ->
                    progress.onSteps(progress.steps().begin(step, input));
            case RunEvent.StepCompleted completed ->
                    progress.onSteps(progress.steps().end(completed));
        };
    }
}
