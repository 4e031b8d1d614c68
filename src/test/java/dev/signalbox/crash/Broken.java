package dev.signalbox.crash;

import dev.signalbox.domain.agent.PinnedAgent;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.plan.PinnedDefinition;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.domain.tool.Idempotency;
import dev.signalbox.domain.tool.ToolDefinition;
import dev.signalbox.runtime.BareEngine.Surroundings;
import dev.signalbox.store.Claim;
import dev.signalbox.store.ForwardingRunStore;
import dev.signalbox.store.Lease;
import dev.signalbox.store.RunChange;
import dev.signalbox.store.RunLeases;
import dev.signalbox.store.RunStore;
import dev.signalbox.wire.EventCodec;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/// Engines that are broken on purpose: each breaks one promise.
enum Broken implements Rig {

    /// Takes a commit for done as soon as it is on its way.
    ACKNOWLEDGES_EARLY {
        @Override
        public Surroundings process(Surroundings around) {
            return around.with(new EarlyRuns(around.runs()));
        }
    },

    /// Makes a call again of which nobody knows whether it took place.
    REPEATS_THE_UNKNOWN {
        @Override
        public Surroundings process(Surroundings around) {
            return around.with(careless(around.definition()));
        }
    },

    /// Lets whoever once held a run write to its journal.
    DOES_NOT_FENCE {
        @Override
        public Lab store(Lab lab) {
            Map<RunId, Lease> newest = new HashMap<>();
            return lab.with(new UnfencedRuns(lab.runs(), newest))
                    .with(new NotedLeases(lab.leases(), newest));
        }
    },

    /// Acknowledges the outcomes of tools and does not write them.
    DROPS_OUTCOMES {
        @Override
        public Lab store(Lab lab) {
            return lab.with(new ForgetfulRuns(lab.runs()));
        }
    },

    /// Never lets a run be taken over.
    ABANDONS_RUNS {
        @Override
        public Lab store(Lab lab) {
            return lab.with(new SelfishLeases(lab.leases(), new HashMap<>()));
        }
    };

    private static PinnedDefinition careless(PinnedDefinition definition) {
        if (!(definition instanceof PinnedAgent pinned)) {
            throw new IllegalArgumentException("not an agent: " + definition.ref());
        }
        Map<String, ToolDefinition> tools = new HashMap<>(pinned.tools());
        tools.replaceAll(
                (_, tool) ->
                        new ToolDefinition(
                                tool.name(),
                                tool.description(),
                                tool.input(),
                                tool.output(),
                                tool.sideEffect(),
                                Idempotency.KEY,
                                tool.auth(),
                                tool.transport(),
                                tool.digest()));
        return new PinnedAgent(pinned.digest(), pinned.agent(), tools, pinned.policy());
    }

    private static final class EarlyRuns extends ForwardingRunStore {
        private CompletableFuture<?> newest = CompletableFuture.completedFuture(0L);

        EarlyRuns(RunStore store) {
            super(store);
        }

        @Override
        public Uni<Long> append(Lease lease, RunChange change) {
            return Uni.createFrom()
                    .item(
                            () -> {
                                newest =
                                        newest.thenCompose(
                                                _ ->
                                                        super.append(lease, change)
                                                                .subscribeAsCompletionStage());
                                return 0L;
                            });
        }
    }

    private static final class UnfencedRuns extends ForwardingRunStore {
        private final Map<RunId, Lease> newest;

        UnfencedRuns(RunStore store, Map<RunId, Lease> newest) {
            super(store);
            this.newest = newest;
        }

        @Override
        public Uni<Long> append(Lease lease, RunChange change) {
            return find(lease.runId())
                    .chain(
                            run ->
                                    super.append(
                                            newest.get(lease.runId()),
                                            behind(run.orElseThrow(), change)));
        }

        /// The same events, behind whatever the journal's end is now.
        private static RunChange behind(RunSummary head, RunChange change) {
            List<JournalEntry> entries = new ArrayList<>();
            long seq = head.headSeq();
            Digest hash = head.headHash();
            for (JournalEntry entry : change.entries()) {
                seq++;
                JournalEntry linked =
                        EventCodec.link(
                                entry.runId(),
                                seq,
                                entry.at(),
                                EventCodec.placed(entry).event(),
                                hash);
                entries.add(linked);
                hash = linked.hash();
            }
            RunSummary after = change.after();
            return new RunChange(
                    entries,
                    new RunSummary(
                            after.identity(),
                            after.status(),
                            after.output(),
                            after.error(),
                            after.startedAt(),
                            after.updatedAt(),
                            after.finishedAt(),
                            after.waitingOn(),
                            after.hold(),
                            after.usage(),
                            seq,
                            hash),
                    change.payloads(),
                    change.opened(),
                    change.closed(),
                    change.applied(),
                    change.children(),
                    change.posts(),
                    change.next());
        }
    }

    private static final class ForgetfulRuns extends ForwardingRunStore {
        ForgetfulRuns(RunStore store) {
            super(store);
        }

        @Override
        public Uni<Long> append(Lease lease, RunChange change) {
            return change.entries().stream()
                            .anyMatch(entry -> entry.type().equals("tool_completed"))
                    ? Uni.createFrom().item(0L)
                    : super.append(lease, change);
        }
    }

    private abstract static class ForwardingLeases implements RunLeases {
        private final RunLeases leases;

        ForwardingLeases(RunLeases leases) {
            this.leases = leases;
        }

        @Override
        public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
            return leases.claim(id, worker, lease);
        }

        @Override
        public Uni<Set<RunId>> renew(Collection<Lease> held, Duration lease) {
            return leases.renew(held, lease);
        }

        @Override
        public Uni<Void> release(Lease lease) {
            return leases.release(lease);
        }

        @Override
        public Uni<List<RunId>> dispatch(int limit, Duration resend) {
            return leases.dispatch(limit, resend);
        }

        @Override
        public Uni<Instant> now() {
            return leases.now();
        }
    }

    private static final class NotedLeases extends ForwardingLeases {
        private final Map<RunId, Lease> newest;

        NotedLeases(RunLeases leases, Map<RunId, Lease> newest) {
            super(leases);
            this.newest = newest;
        }

        @Override
        public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
            return super.claim(id, worker, lease)
                    .invoke(claim -> claim.ifPresent(taken -> newest.put(id, taken.lease())));
        }
    }

    private static final class SelfishLeases extends ForwardingLeases {
        private final Map<RunId, String> first;

        SelfishLeases(RunLeases leases, Map<RunId, String> first) {
            super(leases);
            this.first = first;
        }

        @Override
        public Uni<Optional<Claim>> claim(RunId id, String worker, Duration lease) {
            return first.computeIfAbsent(id, _ -> worker).equals(worker)
                    ? super.claim(id, worker, lease)
                    : Uni.createFrom().item(Optional.empty());
        }
    }
}
