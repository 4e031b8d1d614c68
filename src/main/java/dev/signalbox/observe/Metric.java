package dev.signalbox.observe;

import java.util.List;

/// Every metric that Signalbox itself makes: OpenTelemetry's GenAI conventions where they have one,
/// `signalbox.*` elsewhere. Durations are in seconds. No tag holds an id, a text or a secret.
public enum Metric {
    MODEL_DURATION(
            Kind.TIMER,
            "gen_ai.client.operation.duration",
            "How long one call of a model took",
            Buckets.MODEL,
            Tag.OPERATION,
            Tag.PROVIDER,
            Tag.MODEL,
            Tag.ERROR),
    MODEL_TOKENS(
            Kind.SUMMARY,
            "gen_ai.client.token.usage",
            "Tokens of one call of a model",
            Buckets.TOKENS,
            Tag.OPERATION,
            Tag.PROVIDER,
            Tag.MODEL,
            Tag.TOKEN_TYPE),
    MODEL_WAITING(
            Kind.GAUGE,
            "signalbox.model.waiting",
            "Calls of models that wait for their turn in this process",
            Tag.PROVIDER),
    MODEL_COST(
            Kind.COUNTER,
            "signalbox.model.cost.usd",
            "What calls of models cost, in US dollars, as far as their price is known",
            Tag.PROVIDER,
            Tag.MODEL),

    RUNS_SUBMITTED(Kind.COUNTER, "signalbox.runs.submitted", "Runs created", Tag.DEFINITION),
    RUNS_REPEATED(
            Kind.COUNTER,
            "signalbox.runs.repeated",
            "Submissions under an idempotency key that was used before",
            Tag.OUTCOME),
    RUNS_START_DELAY(
            Kind.TIMER,
            "signalbox.runs.start.delay",
            "From a run's submission to its first worker",
            Buckets.SERVICE),
    RUNS_WAITING(Kind.COUNTER, "signalbox.runs.waiting", "Times that a run was parked", Tag.KIND),
    RUNS_HELD(Kind.COUNTER, "signalbox.runs.held", "Times that a run was held", Tag.REASON),
    RUNS_SETTLED(
            Kind.COUNTER, "signalbox.runs.settled", "Runs that ended", Tag.DEFINITION, Tag.STATUS),
    RUNS_PRUNED(
            Kind.COUNTER,
            "signalbox.runs.pruned",
            "Runs that were removed because their time was over",
            Tag.DEFINITION,
            Tag.STATUS),
    RUNS_DURATION(
            Kind.TIMER,
            "signalbox.runs.duration",
            "From a run's submission to its end, waiting included",
            Buckets.PEOPLE,
            Tag.STATUS),

    TOOL_CALLS(
            Kind.TIMER,
            "signalbox.tool.calls",
            "Calls of tools that were sent, and how long they took",
            Buckets.MODEL,
            Tag.TOOL,
            Tag.OUTCOME),
    TOOL_REFUSALS(
            Kind.COUNTER,
            "signalbox.tool.refusals",
            "Proposed calls that no policy was asked about",
            Tag.REASON),
    POLICY_DECISIONS(
            Kind.COUNTER,
            "signalbox.policy.decisions",
            "Proposed calls that a policy decided on",
            Tag.POLICY,
            Tag.RULE,
            Tag.VERDICT),
    APPROVALS_REQUESTED(
            Kind.COUNTER, "signalbox.approvals.requested", "Approvals asked for", Tag.TOOL),
    APPROVALS_RESOLVED(
            Kind.COUNTER,
            "signalbox.approvals.resolved",
            "Approvals whose outcome a run has taken up",
            Tag.OUTCOME),
    APPROVALS_DECISIONS(
            Kind.COUNTER,
            "signalbox.approvals.decisions",
            "Decisions of single people",
            Tag.CHOICE),
    APPROVALS_DECISION_TIME(
            Kind.TIMER,
            "signalbox.approvals.decision.time",
            "From the request for an approval to the decision that settled it",
            Buckets.PEOPLE,
            Tag.OUTCOME),
    VERIFICATIONS(
            Kind.COUNTER,
            "signalbox.verifications",
            "Answers that were verified",
            Tag.DEFINITION,
            Tag.OUTCOME),
    COMMANDS(
            Kind.COUNTER,
            "signalbox.commands",
            "Commands put into the inbox of a run",
            Tag.COMMAND),

    JOB_FIRINGS(
            Kind.COUNTER,
            "signalbox.jobs.firings",
            "Times at which jobs fired, or were to fire",
            Tag.JOB,
            Tag.CAUSE,
            Tag.OUTCOME),
    JOB_MISFIRES(
            Kind.COUNTER,
            "signalbox.jobs.misfires",
            "Times of jobs at which nobody was there to fire",
            Tag.JOB),
    JOB_LAG(
            Kind.TIMER,
            "signalbox.jobs.lag",
            "From the time of a firing to the commit of its run",
            Buckets.PEOPLE,
            Tag.CAUSE),

    SINK_DELIVERIES(
            Kind.TIMER,
            "signalbox.sinks.deliveries",
            "From an event to its delivery to a sink",
            Buckets.PEOPLE,
            Tag.SINK),
    SINK_LAG(
            Kind.GAUGE,
            "signalbox.sinks.lag.age",
            "How long the oldest event has waited that could not be delivered yet",
            Tag.SINK),
    SINK_FAILURES(
            Kind.COUNTER,
            "signalbox.sinks.failures",
            "Attempts to deliver an event that failed",
            Tag.SINK),
    SINK_DEAD_LETTERS(
            Kind.COUNTER,
            "signalbox.sinks.dead.letters",
            "Events that were given up",
            Tag.SINK),
    HOOK_FAILURES(
            Kind.COUNTER,
            "signalbox.hooks.failures",
            "Calls of the host's hooks that failed or took too long",
            Tag.HOOK),

    COMMITS(
            Kind.TIMER,
            "signalbox.journal.commits",
            "Commits to journals, and how long they took",
            Buckets.SERVICE,
            Tag.OUTCOME),
    EVENTS(
            Kind.SUMMARY,
            "signalbox.journal.events",
            "Events of one commit to a journal",
            Buckets.EVENTS),
    CLAIMS(
            Kind.TIMER,
            "signalbox.claims",
            "Attempts to take a run, and how long they took",
            Buckets.SERVICE,
            Tag.OUTCOME),
    LEASES_LOST(
            Kind.COUNTER,
            "signalbox.leases.lost",
            "Runs that this process lost to another worker",
            Tag.CAUSE),
    SESSIONS(Kind.GAUGE, "signalbox.sessions.active", "Runs that this process is working on"),

    WAKEUPS_SENT(Kind.COUNTER, "signalbox.wakeups.sent", "Hints sent to the queue", Tag.OUTCOME),
    WAKEUPS_HANDED_OVER(
            Kind.COUNTER,
            "signalbox.wakeups.handed.over",
            "Hints that this process took itself, without the queue"),
    WAKEUPS_SWEPT(
            Kind.COUNTER,
            "signalbox.wakeups.swept",
            "Due runs that nobody came for, found by the sweep"),
    WAKEUPS_RECEIVED(Kind.COUNTER, "signalbox.wakeups.received", "Hints that came off the queue"),
    INTAKE(
            Kind.COUNTER,
            "signalbox.intake.requests",
            "Requests that were taken off the queue",
            Tag.OUTCOME,
            Tag.CODE),

    BACKLOG_RUNS(Kind.GAUGE, "signalbox.runs.due", "Runs that want a worker and have none"),
    BACKLOG_RUNS_AGE(
            Kind.GAUGE, "signalbox.runs.due.age", "How long the longest of them has wanted one"),
    BACKLOG_APPROVALS(Kind.GAUGE, "signalbox.approvals.pending", "Approvals that wait for people"),
    BACKLOG_APPROVALS_AGE(
            Kind.GAUGE,
            "signalbox.approvals.pending.age",
            "How long the longest of them has waited"),
    BACKLOG_COMMANDS(
            Kind.GAUGE, "signalbox.commands.open", "Commands that no worker has answered yet");

    /// What the meter is.
    public enum Kind {
        COUNTER,
        TIMER,
        SUMMARY,
        GAUGE
    }

    /// Names of tags.
    public static final class Tag {

        static final String OPERATION = "gen_ai.operation.name";
        static final String PROVIDER = "gen_ai.provider.name";
        static final String MODEL = "gen_ai.request.model";
        static final String TOKEN_TYPE = "gen_ai.token.type";
        static final String ERROR = "error.type";
        static final String CAUSE = "cause";
        static final String CHOICE = "choice";
        static final String CODE = "code";
        static final String COMMAND = "command";
        static final String DEFINITION = "definition";
        static final String JOB = "job";
        static final String HOOK = "hook";
        static final String KIND = "kind";
        static final String OUTCOME = "outcome";
        static final String POLICY = "policy";
        static final String REASON = "reason";
        static final String RULE = "rule";
        static final String SINK = "sink";
        static final String STATUS = "status";
        static final String TOOL = "tool";
        static final String VERDICT = "verdict";

        private Tag() {}
    }

    /// Upper bounds of histograms; those of models and tokens are OpenTelemetry's.
    private static final class Buckets {

        static final List<Double> NONE = List.of();
        static final List<Double> MODEL =
                List.of(
                        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48,
                        40.96, 81.92);
        static final List<Double> TOKENS =
                List.of(
                        1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0, 65536.0, 262144.0,
                        1048576.0, 4194304.0, 16777216.0, 67108864.0);
        static final List<Double> SERVICE =
                List.of(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0);
        static final List<Double> PEOPLE =
                List.of(
                        0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 14400.0, 43200.0,
                        86400.0, 604800.0);
        static final List<Double> EVENTS = List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0);

        private Buckets() {}
    }

    private final Kind kind;
    private final String id;
    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
    private final List<Double> buckets;

    @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
    private final List<String> tags;

    Metric(Kind kind, String id, String description, String... tags) {
        this(kind, id, description, Buckets.NONE, tags);
    }

    Metric(Kind kind, String id, String description, List<Double> buckets, String... tags) {
        this.kind = kind;
        this.id = id;
        this.description = description;
        this.buckets = buckets;
        this.tags = List.of(tags);
    }

    public Kind kind() {
        return kind;
    }

    /// The metric's name; Prometheus shows it with underscores and its own suffixes.
    public String id() {
        return id;
    }

    public String description() {
        return description;
    }

    /// Names of its tags, in the order in which their values are given.
    public List<String> tags() {
        return tags;
    }

    List<Double> buckets() {
        return buckets;
    }
}
