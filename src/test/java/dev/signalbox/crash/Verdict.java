package dev.signalbox.crash;

import dev.signalbox.crash.Finding.Kind;
import dev.signalbox.domain.approval.Approval;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonNull;
import dev.signalbox.domain.run.IllegalHistoryException;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunState;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.store.ApprovalInbox.ApprovalFilter;
import dev.signalbox.store.PageRequest;
import dev.signalbox.wire.EventCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What can be said of a run by itself, when it is over: of its journal, its row, its approvals.
record Verdict(Optional<End> ending, List<Finding> findings) {

    private static final int MOST = 1_000;

    static Verdict of(Lab lab, RunId run, Outside outside, Witness witness) {
        List<Finding> findings = new ArrayList<>();
        RunSummary summary = Trial.get(lab.runs().find(run)).orElseThrow();
        List<JournalEntry> journal = Trial.get(lab.runs().journal(run, 0, MOST));
        chain(run, journal).ifPresent(findings::add);
        Set<Digest> there = new HashSet<>();
        journal.forEach(entry -> there.add(entry.hash()));
        witness.acknowledged().values().stream()
                .filter(entry -> entry.runId().equals(run) && !there.contains(entry.hash()))
                .forEach(
                        entry ->
                                findings.add(
                                        new Finding(
                                                Kind.FORGOTTEN, entry.seq() + " " + entry.type())));
        leftOver(lab, run, findings);
        Optional<RunState> state = history(journal, findings);
        Optional<End> end = Optional.empty();
        if (state.isPresent()) {
            if (!RunSummary.of(state.get(), journal.getLast()).equals(summary)) {
                findings.add(
                        new Finding(Kind.BROKEN_CHAIN, "the row is not the journal's: " + summary));
            }
            end =
                    Optional.of(
                            End.of(summary, state.get(), output(lab, summary), outside.happened()));
        }
        return new Verdict(end, List.copyOf(findings));
    }

    /// What is wrong with the chain, if anything is.
    static Optional<Finding> chain(RunId run, List<JournalEntry> journal) {
        Digest previous = JournalEntry.GENESIS;
        long seq = 0;
        for (JournalEntry entry : journal) {
            seq++;
            if (!entry.runId().equals(run)
                    || entry.seq() != seq
                    || !entry.prevHash().equals(previous)
                    || !entry.intact()) {
                return Optional.of(new Finding(Kind.BROKEN_CHAIN, "at " + seq + ": " + entry));
            }
            previous = entry.hash();
        }
        return Optional.empty();
    }

    /// The state that the journal folds to, if it is a legal one.
    static Optional<RunState> history(List<JournalEntry> journal, List<Finding> findings) {
        try {
            return Optional.of(RunFold.fold(journal.stream().map(EventCodec::placed).toList()));
        } catch (IllegalHistoryException illegal) {
            findings.add(
                    new Finding(
                            Kind.ILLEGAL_HISTORY,
                            illegal.getMessage()
                                    + ": "
                                    + journal.stream().map(JournalEntry::type).toList()));
            return Optional.empty();
        }
    }

    private static void leftOver(Lab lab, RunId run, List<Finding> findings) {
        Map<String, Integer> asked = new HashMap<>();
        List<Approval> approvals =
                Trial.get(
                                lab.approvals()
                                        .list(
                                                new ApprovalFilter(
                                                        Person.TENANT,
                                                        Optional.empty(),
                                                        Optional.of(run)),
                                                PageRequest.first(PageRequest.MAX_LIMIT)))
                        .items();
        for (Approval approval : approvals) {
            asked.merge(approval.effectId().value(), 1, Integer::sum);
            if (approval.status() == Approval.Status.PENDING) {
                findings.add(new Finding(Kind.LEFT_OVER, "pending: " + approval.effectId()));
            }
        }
        asked.forEach(
                (effect, times) -> {
                    if (times > 1) {
                        findings.add(new Finding(Kind.LEFT_OVER, "asked twice: " + effect));
                    }
                });
        Trial.get(lab.inbox().read(run))
                .commands()
                .forEach(
                        command ->
                                findings.add(
                                        new Finding(
                                                Kind.LEFT_OVER, "unanswered: " + command.ask())));
    }

    private static Json output(Lab lab, RunSummary summary) {
        return summary.output()
                .flatMap(
                        digest ->
                                Optional.ofNullable(
                                        Trial.get(
                                                        lab.runs()
                                                                .payloads(
                                                                        summary.identity().id(),
                                                                        Set.of(digest)))
                                                .get(digest)))
                .orElse(JsonNull.NULL);
    }

    /// What differs from the undisturbed run.
    static List<Finding> compared(End undisturbed, Trial.Result result) {
        List<Finding> findings = new ArrayList<>();
        if (result.end().isEmpty()) {
            return findings;
        }
        End end = result.end().get();
        undisturbed
                .effects()
                .forEach(
                        (effect, times) -> {
                            int really = end.effects().getOrDefault(effect, 0);
                            if (really < times) {
                                findings.add(new Finding(Kind.LOST, effect));
                            }
                        });
        end.effects()
                .forEach(
                        (effect, times) -> {
                            if (times > undisturbed.effects().getOrDefault(effect, 0)) {
                                findings.add(
                                        new Finding(
                                                Kind.DOUBLED, effect + ": " + times + " times"));
                            }
                        });
        differs("end", undisturbed.ended(), end.ended(), findings);
        differs("said", undisturbed.said(), end.said(), findings);
        differs("used", undisturbed.used(), end.used(), findings);
        return findings;
    }

    private static void differs(
            String what, Object undisturbed, Object really, List<Finding> findings) {
        if (!undisturbed.equals(really)) {
            findings.add(
                    new Finding(
                            Kind.OTHER_END,
                            what + " " + really + "\n      instead of " + undisturbed));
        }
    }
}
