package dev.signalbox.crash;

import dev.signalbox.crash.Boundary.Kind;
import dev.signalbox.crash.Traffic.Host;
import dev.signalbox.definition.CelExpressions;
import dev.signalbox.domain.agent.ModelRef.Provider;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.IdSource;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunCommand;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.audit.AuditRecord;
import dev.signalbox.runtime.BareEngine.Surroundings;
import dev.signalbox.runtime.model.ModelPort;
import dev.signalbox.runtime.model.ModelReply;
import dev.signalbox.runtime.model.ModelRequest;
import dev.signalbox.runtime.model.scripted.ScriptedModel;
import dev.signalbox.runtime.tool.ToolInvocation;
import dev.signalbox.runtime.tool.ToolOutcome;
import dev.signalbox.store.Claim;
import dev.signalbox.store.ForwardingRunStore;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunInbox;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What a process has around it: store, tools and model, all of them behind [Traffic].
final class Frontier {

    private static final ScriptedModel SCRIPT = new ScriptedModel(new CelExpressions());

    private Frontier() {}

    /// @param tools takes a call that arrives
    /// @param asked is told of every question that reaches the model
    static Surroundings of(
            Host process,
            Lab lab,
            Reference reference,
            IdSource ids,
            Function<ToolInvocation, Uni<ToolOutcome>> tools,
            Function<ModelRequest, Uni<Void>> asked) {
        return new Surroundings(
                new Runs(lab.runs(), process),
                new Leases(lab.leases(), process),
                new Inbox(lab.inbox(), process),
                call ->
                        process.call(
                                Kind.TOOL,
                                place(call.effectId().value()) + " " + call.tool().name(),
                                Uni.createFrom().deferred(() -> tools.apply(call))),
                new Model(
                        process, reference.paid() ? Provider.OPENAI : Provider.SCRIPTED, asked),
                reference.definition(),
                Reference.children(),
                lab.clock(),
                ids);
    }

    /// An effect's place in its run: `m1`, `t2`.
    static String place(String effectId) {
        return effectId.substring(effectId.lastIndexOf('-') + 1);
    }

    /// The run whose effect it is.
    static RunId run(String effectId) {
        return RunId.of(effectId.substring(0, effectId.lastIndexOf('-')));
    }

    private record Model(
            Host process, Provider provider, Function<ModelRequest, Uni<Void>> asked)
            implements ModelPort {
        @Override
        public Uni<ModelReply> chat(ModelRequest request) {
            return process.call(
                    Kind.MODEL,
                    place(request.effectId().value()),
                    Uni.createFrom()
                            .deferred(() -> asked.apply(request))
                            .chain(() -> SCRIPT.chat(request)));
        }
    }

    private static final class Runs extends ForwardingRunStore {
        private final Host process;

        Runs(RunStore store, Host process) {
            super(store);
            this.process = process;
        }

        @Override
        public Uni<Long> append(Lease lease, RunChange change) {
            String types =
                    change.entries().stream()
                            .map(JournalEntry::type)
                            .collect(Collectors.joining("+"));
            return process.call(Kind.APPEND, types, super.append(lease, change));
        }

        @Override
        public Uni<Optional<RunSummary>> find(RunId id) {
            return process.call(Kind.READ, "run", super.find(id));
        }

        @Override
        public Uni<List<JournalEntry>> journal(RunId id, long afterSeq, int limit) {
            return process.call(Kind.READ, "journal", super.journal(id, afterSeq, limit));
        }

        @Override
        public Uni<Map<Digest, Json>> payloads(RunId id, Set<Digest> digests) {
            return process.call(Kind.READ, "payloads", super.payloads(id, digests));
        }
    }

    private record Leases(RunLeases leases, Host process) implements RunLeases {
        @Override
        public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
            return process.call(Kind.LEASE, "claim", leases.claim(id, worker, lease));
        }

        @Override
        public Uni<Set<RunId>> renew(Collection<Lease> held, Duration lease) {
            return process.call(Kind.LEASE, "renew", leases.renew(held, lease));
        }

        @Override
        public Uni<Void> release(Lease lease) {
            return process.call(Kind.LEASE, "release", leases.release(lease));
        }

        @Override
        public Uni<List<RunId>> dispatch(int limit, Duration resend) {
            return process.call(Kind.LEASE, "dispatch", leases.dispatch(limit, resend));
        }

        @Override
        public Uni<Instant> now() {
            return leases.now();
        }
    }

    private record Inbox(RunInbox inbox, Host process) implements RunInbox {
        @Override
        public Uni<Void> post(RunCommand command, AuditRecord audit) {
            return inbox.post(command, audit);
        }

        @Override
        public Uni<RunInbox.Inbox> read(RunId id) {
            return process.call(Kind.READ, "inbox", inbox.read(id));
        }

        @Override
        public Multi<RunId> woken() {
            return inbox.woken();
        }
    }
}
