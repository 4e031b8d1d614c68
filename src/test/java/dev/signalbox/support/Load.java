package dev.signalbox.support;

import dev.signalbox.support.Caller.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/// Clients that behave well: they submit runs at a steady pace, each with a key of its own, look at
/// what they have submitted, and ask again when they are told to.
///
/// What they are told that nobody should be told is remembered: any 5xx but a 503 that says when to
/// come back, any answer that is not one, any connection that breaks.
public final class Load implements AutoCloseable {

    private static final int SUBMITTERS = 8;
    private static final Duration READING = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ACCEPTED = 202;
    private static final int UNAVAILABLE = 503;
    private static final int SERVER_ERROR = 500;

    private final String name;
    private final String definition;
    private final List<Caller> doors;
    private final Map<String, String> accepted = new ConcurrentHashMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final List<Thread> submitters = new ArrayList<>();
    private final Thread reader = Thread.ofVirtual().unstarted(this::read);
    private volatile Duration slowest = Duration.ZERO;
    private volatile Optional<Caller> watched = Optional.empty();
    private volatile boolean closed;

    /// @param name of the load: its runs have it as label `load`
    public Load(String name, String definition, List<Caller> doors) {
        this.name = name;
        this.definition = definition;
        this.doors = List.copyOf(doors);
    }

    /// Lets a person look on from the control room.
    public Load watchedBy(Caller operator) {
        watched = Optional.of(operator);
        return this;
    }

    /// Begins to submit, evenly over that time.
    public Load begin(int runs, Duration over) {
        long start = System.nanoTime();
        for (int first = 0; first < SUBMITTERS; first++) {
            int from = first;
            submitters.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        for (int run = from; run < runs; run += SUBMITTERS) {
                                            sleepUntil(start + over.toNanos() * run / runs);
                                            submit(run);
                                        }
                                    }));
        }
        reader.start();
        return this;
    }

    /// Waits until all runs have been submitted.
    public Load submitted() {
        try {
            for (Thread submitter : submitters) {
                submitter.join(PATIENCE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
        return this;
    }

    public String name() {
        return name;
    }

    /// The `ref` of each accepted run, by its id.
    public Map<String, String> accepted() {
        return Map.copyOf(accepted);
    }

    /// What nobody should have been told.
    public List<String> wrong() {
        return List.copyOf(wrong);
    }

    /// How often each status came.
    public Map<Integer, Integer> statuses() {
        return Map.copyOf(statuses);
    }

    /// How long the slowest answer took.
    public Duration slowest() {
        return slowest;
    }

    @Override
    public void close() {
        closed = true;
        submitters.forEach(Thread::interrupt);
    }

    private void submit(int run) {
        String ref = name + "-" + run;
        String body =
                """
                {"definition": "%s", "input": {"ref": "%s"}, "labels": {"load": "%s"},
                 "deadline": "PT10M"}"""
                        .formatted(definition, ref, name);
        Caller door = doors.get(run % doors.size());
        for (long end = System.nanoTime() + PATIENCE.toNanos(); System.nanoTime() < end; ) {
            Optional<Answer> answer =
                    asked("POST " + ref, () -> door.post("/v1/runs", body, "Idempotency-Key", ref));
            if (answer.filter(given -> given.status() == ACCEPTED).isPresent()) {
                accepted.put(answer.get().at("/id"), ref);
                return;
            }
            if (closed || answer.filter(given -> given.status() != UNAVAILABLE).isPresent()) {
                return;
            }
            sleepUntil(System.nanoTime() + answer.map(Load::retryAfter).orElse(READING).toNanos());
        }
        wrong.add("POST " + ref + ": never accepted");
    }

    private void read() {
        while (!closed) {
            List<String> ids = List.copyOf(accepted.keySet());
            String path =
                    ids.isEmpty()
                            ? "/v1/runs?label=load:" + name
                            : "/v1/runs/" + ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
            Caller door = doors.get(ids.size() % doors.size());
            asked("GET " + path, () -> door.get(path));
            watched.ifPresent(
                    operator -> {
                        String overview = "/operator/v1/overview";
                        asked("GET " + overview, () -> operator.get(overview));
                        String list = "/operator/v1/runs?limit=5&attention=true";
                        asked("GET " + list, () -> operator.get(list));
                    });
            sleepUntil(System.nanoTime() + READING.toNanos());
        }
    }

    private interface Question {
        Answer ask();
    }

    private Optional<Answer> asked(String what, Question question) {
        long asked = System.nanoTime();
        try {
            Answer answer = question.ask();
            Duration took = Duration.ofNanos(System.nanoTime() - asked);
            slowest = took.compareTo(slowest) > 0 ? took : slowest;
            statuses.merge(answer.status(), 1, Integer::sum);
            boolean busy =
                    answer.status() == UNAVAILABLE
                            && answer.headers().firstValue("Retry-After").isPresent();
            boolean fine = answer.status() < (what.startsWith("POST") ? 300 : SERVER_ERROR);
            if (!busy && !fine) {
                wrong.add(what + ": " + answer.status() + " " + answer.text());
            }
            return Optional.of(answer);
        } catch (UncheckedIOException broken) {
            if (!closed) {
                wrong.add(what + ": " + broken.getCause());
            }
            return Optional.empty();
        } catch (IllegalStateException _) {
            return Optional.empty();
        }
    }

    private static Duration retryAfter(Answer answer) {
        return Duration.ofSeconds(
                Long.parseLong(answer.headers().firstValue("Retry-After").orElse("1")));
    }

    private static void sleepUntil(long nanos) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
