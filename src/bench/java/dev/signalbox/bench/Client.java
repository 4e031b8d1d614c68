package dev.signalbox.bench;

import dev.signalbox.support.Caller;
import dev.signalbox.support.Caller.Answer;
import dev.signalbox.support.Planes;
import dev.signalbox.support.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// A client and an operator of the application, over HTTP.
final class Client {

    private static final int OK = 200;
    private static final int ACCEPTED = 202;

    private final Caller submitter =
            new Caller(Planes.requestUri(), Optional.of(TestTokens.SUBMITTER.token()));
    private final Caller operator =
            new Caller(Planes.operatorUri(), Optional.of(TestTokens.OPERATOR.token()));

    /// A call that waits for an approval.
    record Parked(String key, String approval, String callDigest) {}

    /// From the request to the call of the run's first tool, in nanoseconds.
    long firstStep() {
        String key = UUID.randomUUID().toString();
        CompletableFuture<Long> called = Signals.of(key);
        long from = System.nanoTime();
        expect(ACCEPTED, submitter.post("/v1/runs", body("bench-probe", key)));
        return waitFor(called) - from;
    }

    /// Submits a run and waits until it waits for its approval.
    Parked park() {
        String key = UUID.randomUUID().toString();
        Answer run =
                expect(
                        ACCEPTED,
                        submitter.post(
                                "/v1/runs",
                                body(Workloads.WITH_APPROVAL, key),
                                "Prefer",
                                "wait=60"));
        return parked(key, run.at("/waitingOn/approvalId"));
    }

    Parked parked(String key, String approval) {
        Answer found = expect(OK, operator.get("/operator/v1/approvals/" + approval));
        return new Parked(key, approval, found.at("/callDigest"));
    }

    /// From a person's decision to the call that it allows, in nanoseconds.
    long resume(Parked parked) {
        CompletableFuture<Long> called = Signals.of(parked.key());
        long from = System.nanoTime();
        expect(
                OK,
                operator.post(
                        "/operator/v1/approvals/" + parked.approval() + "/decisions",
                        """
                        {"decision": "approve", "callDigest": "%s", "reason": "a benchmark"}"""
                                .formatted(parked.callDigest())));
        return waitFor(called) - from;
    }

    /// How long an operator waits for a page.
    Times pages(String path, int warmUp, int calls) {
        repeat(warmUp, () -> page(path));
        return repeat(calls, () -> page(path));
    }

    private long page(String path) {
        long from = System.nanoTime();
        expect(OK, operator.get("/operator/v1/" + path));
        return System.nanoTime() - from;
    }

    /// Calls one after another.
    static Times repeat(int calls, Supplier<Long> call) {
        List<Long> times = new ArrayList<>();
        long from = System.nanoTime();
        for (int number = 0; number < calls; number++) {
            times.add(call.get());
        }
        return Times.of(System.nanoTime() - from, times);
    }

    private static String body(String definition, String key) {
        return """
                {"definition": "%s", "input": {"key": "%s"}}"""
                .formatted(definition, key);
    }

    private static long waitFor(CompletableFuture<Long> called) {
        try {
            return called.get(60, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException("the call was not made", failed);
        }
    }

    private static Answer expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new IllegalStateException(answer.status() + " " + answer.text());
        }
        return answer;
    }
}
