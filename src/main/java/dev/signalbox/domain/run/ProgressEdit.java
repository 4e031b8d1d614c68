package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One change of a [Progress]: names what changes, keeps the rest.
final class ProgressEdit {

    private final RunIdentity identity;
    private Optional<Instant> startedAt;
    private Duration waited;
    private Conversation conversation;
    private Optional<Turn> turn;
    private Steps steps;
    private List<Digest> steering;
    private Usage usage;
    private Map<String, Integer> sentByTool;
    private int proposals;
    private int revisions;
    private Ledger ledger;
    private Optional<String> paused;
    private Optional<Progress.Checkpoint> lastCheckpoint;

    ProgressEdit(Progress from) {
        identity = from.identity();
        startedAt = from.startedAt();
        waited = from.waited();
        conversation = from.conversation();
        turn = from.turn();
        steps = from.steps();
        steering = from.steering();
        usage = from.usage();
        sentByTool = from.sentByTool();
        proposals = from.proposals();
        revisions = from.revisions();
        ledger = from.ledger();
        paused = from.paused();
        lastCheckpoint = from.lastCheckpoint();
    }

    ProgressEdit startedAt(Optional<Instant> next) {
        startedAt = next;
        return this;
    }

    ProgressEdit waited(Duration next) {
        waited = next;
        return this;
    }

    ProgressEdit conversation(Conversation next) {
        conversation = next;
        return this;
    }

    ProgressEdit turn(Optional<Turn> next) {
        turn = next;
        return this;
    }

    ProgressEdit steps(Steps next) {
        steps = next;
        return this;
    }

    ProgressEdit steering(List<Digest> next) {
        steering = next;
        return this;
    }

    ProgressEdit usage(Usage next) {
        usage = next;
        return this;
    }

    ProgressEdit sentByTool(Map<String, Integer> next) {
        sentByTool = next;
        return this;
    }

    ProgressEdit proposals(int next) {
        proposals = next;
        return this;
    }

    ProgressEdit revisions(int next) {
        revisions = next;
        return this;
    }

    ProgressEdit ledger(Ledger next) {
        ledger = next;
        return this;
    }

    ProgressEdit paused(Optional<String> next) {
        paused = next;
        return this;
    }

    ProgressEdit lastCheckpoint(Optional<Progress.Checkpoint> next) {
        lastCheckpoint = next;
        return this;
    }

    Progress done() {
        return new Progress(
                identity,
                startedAt,
                waited,
                conversation,
                turn,
                steps,
                steering,
                usage,
                sentByTool,
                proposals,
                revisions,
                ledger,
                paused,
                lastCheckpoint);
    }
}
