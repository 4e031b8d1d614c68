package dev.signalbox.definition;

import dev.signalbox.definition.CelExpressions.Result;
import dev.signalbox.domain.run.RunEvent.StepFailure;
import dev.signalbox.domain.workflow.StepRetry;
import dev.signalbox.domain.workflow.StepTerms;
import dev.signalbox.domain.workflow.WorkflowStep.Task;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads what holds of a step whatever it does.
final class StepTermsReader {

    static final String[] FIELDS = {"retry", "timeout", "onFailure", "compensate"};
    static final String[] RETRY = {"maxAttempts", "delay", "factor", "maxDelay", "on"};

    private static final Pattern CODE = Pattern.compile("[a-z0-9][a-z0-9_]{0,62}");
    private static final int MAX_ATTEMPTS = 100;
    private static final BigDecimal MAX_FACTOR = BigDecimal.TEN;
    private static final Duration MIN_DELAY = Duration.ofMillis(100);
    private static final Duration MAX_DELAY = Duration.ofDays(7);
    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration MAX_TIMEOUT = Duration.ofDays(366);

    /// What holds when the document says nothing.
    private static final Duration DELAY = Duration.ofSeconds(1);

    private static final BigDecimal FACTOR = BigDecimal.TWO;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final Checks checks;
    private final StepsReader steps;

    StepTermsReader(Checks checks, StepsReader steps) {
        this.checks = checks;
        this.steps = steps;
    }

    StepTerms read(Fields step) {
        return new StepTerms(
                step.object("retry", RETRY).flatMap(this::retry),
                step.duration("timeout", MIN_TIMEOUT, MAX_TIMEOUT),
                step.choice("onFailure", StepFailure.class, Found::word).orElse(StepFailure.FAIL),
                step.object("compensate", "tool", "input").map(this::compensate));
    }

    private Task.CallTool compensate(Fields fields) {
        return new Task.CallTool(
                checks.name(fields, "tool"), steps.expression(fields, "input", Result.OBJECT));
    }

    private Optional<StepRetry> retry(Fields fields) {
        Optional<Long> attempts =
                fields.required("maxAttempts", "a whole number from 2 to " + MAX_ATTEMPTS)
                        .flatMap(_ -> fields.whole("maxAttempts", 2, MAX_ATTEMPTS));
        Duration delay = fields.duration("delay", MIN_DELAY, MAX_DELAY).orElse(DELAY);
        Optional<Duration> longest = fields.duration("maxDelay", MIN_DELAY, MAX_DELAY);
        if (longest.isPresent() && longest.get().compareTo(delay) < 0) {
            fields.problem("maxDelay", "expected no less than 'delay', " + delay);
        }
        BigDecimal factor = fields.decimal("factor", BigDecimal.ONE, MAX_FACTOR).orElse(FACTOR);
        List<String> codes = codes(fields);
        return attempts.map(
                most ->
                        new StepRetry(
                                most.intValue(),
                                delay,
                                factor,
                                longest.orElse(delay.compareTo(LONGEST) > 0 ? delay : LONGEST),
                                codes));
    }

    private List<String> codes(Fields fields) {
        var codes = fields.texts("on", "error code");
        codes.forEach(
                (code, place) -> {
                    if (!CODE.matcher(code).matches()) {
                        checks.problems()
                                .add(
                                        place,
                                        fields.path("on")
                                                + ": expected an error code such as http_503,"
                                                + " found '"
                                                + Found.shortened(code)
                                                + "'");
                    }
                });
        if (fields.isEmptyList("on")) {
            fields.problem("on", "expected at least one error code");
        }
        return List.copyOf(codes.keySet());
    }
}
