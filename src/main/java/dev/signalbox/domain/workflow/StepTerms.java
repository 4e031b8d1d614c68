package dev.signalbox.domain.workflow;

import dev.signalbox.domain.run.RunEvent.StepFailure;
import java.time.Duration;
import java.util.Optional;

/// What holds of a step whatever it does.
///
/// @param timeout longest time from its beginning to its end, all attempts and waits included; a
///     call that is out is waited for nevertheless
/// @param compensate the call that undoes it, over `input` and `steps`, itself included
public record StepTerms(
        Optional<StepRetry> retry,
        Optional<Duration> timeout,
        StepFailure onFailure,
        Optional<WorkflowStep.Task.CallTool> compensate) {

    /// What holds when the document says nothing.
    public static final StepTerms DEFAULT =
            new StepTerms(
                    Optional.empty(), Optional.empty(), StepFailure.FAIL, Optional.empty());
}
