package dev.signalbox.domain.bundle;

import dev.signalbox.domain.bundle.BundleReport.Code;
import dev.signalbox.domain.bundle.BundleReport.Finding;
import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json.JsonNumber;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.json.Json.JsonText;
import dev.signalbox.domain.run.JournalEntry;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows the chains of a bundle's events, each up to its head.
final class ChainCheck {

    private static final Set<String> MEMBERS =
            Set.of("runId", "seq", "at", "type", "effectId", "data", "prevHash", "hash");

    /// How far one chain has been followed.
    private static final class Chain {
        private final long headSeq;
        private final String headHash;
        private long expected = 1;

        /// Hash of the entry before; nothing if that one was missing or changed.
        private @Nullable Digest before = JournalEntry.GENESIS;

        Chain(long headSeq, String headHash) {
            this.headSeq = headSeq;
            this.headHash = headHash;
        }
    }

    private final Map<RunId, Chain> chains = new LinkedHashMap<>();
    private final Map<RunId, Map<Digest, Long>> named = new LinkedHashMap<>();
    private final List<Finding> findings;

    ChainCheck(List<JsonObject> heads, List<Finding> findings) {
        this.findings = findings;
        for (JsonObject head : heads) {
            try {
                chains.put(runId(head), new Chain(seq(head), BundleFormat.text(head, "hash")));
            } catch (IllegalArgumentException | ArithmeticException _) {
                findings.add(
                        finding(Code.HEAD_CHANGED, null, 0, "A chain's head is not readable."));
            }
        }
    }

    /// The values that sound events name, each with the first event that does.
    Map<RunId, Map<Digest, Long>> named() {
        return named;
    }

    void check(List<JsonObject> events) {
        int position = 0;
        for (JsonObject event : events) {
            position++;
            try {
                follow(entry(event));
            } catch (IllegalArgumentException | ArithmeticException | DateTimeException broken) {
                unreadable(event, position);
            }
        }
        chains.forEach(this::end);
    }

    private void unreadable(JsonObject event, int position) {
        Chain chain = null;
        RunId run = null;
        try {
            run = runId(event);
            chain = chains.get(run);
        } catch (IllegalArgumentException _) {
            // told without its run
        }
        String which = "The entry at position " + position + " of the events";
        if (chain != null && chain.expected <= chain.headSeq) {
            findings.add(
                    finding(
                            Code.EVENT_CHANGED,
                            run,
                            chain.expected,
                            which
                                    + ", which should be event "
                                    + chain.expected
                                    + " of run "
                                    + run
                                    + ", was changed: it is no journal entry."));
            chain.expected++;
            chain.before = null;
        } else {
            findings.add(
                    finding(
                            Code.EVENT_CHANGED,
                            run,
                            0,
                            which + " was changed: it is no journal" + " entry of this bundle."));
        }
    }

    private void follow(JournalEntry entry) {
        RunId run = entry.runId();
        Chain chain = chains.get(run);
        if (chain == null) {
            throw new IllegalArgumentException("of no run of this bundle");
        }
        boolean numbered = entry.seq() == chain.expected || !seqWasChanged(entry, chain.expected);
        long seq = numbered ? entry.seq() : chain.expected;
        if (seq < chain.expected || seq > chain.headSeq) {
            findings.add(
                    finding(
                            Code.EVENT_MISPLACED,
                            run,
                            seq,
                            "Event " + seq + " of run " + run + " does not belong where it is."));
            return;
        }
        missing(run, chain, seq);
        boolean sound = numbered && entry.intact();
        if (!sound || (chain.before != null && !chain.before.equals(entry.prevHash()))) {
            findings.add(
                    finding(
                            Code.EVENT_CHANGED,
                            run,
                            seq,
                            "Event "
                                    + seq
                                    + " of run "
                                    + run
                                    + " was changed: "
                                    + (sound
                                            ? "it does not follow the one before."
                                            : "its hash is not that of its content.")));
        }
        if (sound) {
            BundleFormat.payloads(entry.data())
                    .forEach(
                            digest ->
                                    named.computeIfAbsent(run, _ -> new HashMap<>())
                                            .putIfAbsent(digest, seq));
        }
        chain.before = sound ? entry.hash() : null;
        chain.expected = seq + 1;
    }

    private static boolean seqWasChanged(JournalEntry entry, long expected) {
        return new JournalEntry(
                        entry.runId(),
                        expected,
                        entry.at(),
                        entry.type(),
                        entry.effectId(),
                        entry.data(),
                        entry.prevHash(),
                        entry.hash())
                .intact();
    }

    private void missing(RunId run, Chain chain, long until) {
        if (chain.expected < until) {
            boolean one = chain.expected == until - 1;
            findings.add(
                    finding(
                            Code.EVENT_MISSING,
                            run,
                            chain.expected,
                            (one
                                            ? "Event " + chain.expected
                                            : "Events " + chain.expected + " to " + (until - 1))
                                    + " of run "
                                    + run
                                    + (one ? " is missing." : " are missing.")));
            chain.before = null;
        }
    }

    private void end(RunId run, Chain chain) {
        missing(run, chain, chain.headSeq + 1);
        if (chain.expected > chain.headSeq
                && chain.before != null
                && !chain.before.value().equals(chain.headHash)) {
            findings.add(
                    finding(
                            Code.HEAD_CHANGED,
                            run,
                            chain.headSeq,
                            "The head of run " + run + " is not the hash of its last event."));
        }
    }

    private static JournalEntry entry(JsonObject event) {
        if (!MEMBERS.containsAll(event.members().keySet())
                || !(event.get("data") instanceof JsonObject data)) {
            throw new IllegalArgumentException("not a journal entry");
        }
        String written = BundleFormat.text(event, "at");
        Instant at = Instant.parse(written);
        Optional<EffectId> effectId =
                event.get("effectId") instanceof JsonText(String effect)
                        ? Optional.of(new EffectId(effect))
                        : Optional.empty();
        if (!at.toString().equals(written)
                || (event.get("effectId") != null
                        && (effectId.isEmpty()
                                || !event.get("effectId").equals(data.get("effectId"))))) {
            throw new IllegalArgumentException("not as it is written");
        }
        return new JournalEntry(
                runId(event),
                seq(event),
                at,
                BundleFormat.text(event, "type"),
                effectId,
                data,
                new Digest(BundleFormat.text(event, "prevHash")),
                new Digest(BundleFormat.text(event, "hash")));
    }

    private static RunId runId(JsonObject object) {
        String written = BundleFormat.text(object, "runId");
        RunId id = RunId.of(written);
        if (!id.toString().equals(written)) {
            throw new IllegalArgumentException("not as it is written");
        }
        return id;
    }

    private static long seq(JsonObject object) {
        if (object.get("seq") instanceof JsonNumber(var seq) && seq.signum() > 0) {
            return seq.longValueExact();
        }
        throw new IllegalArgumentException("not a position");
    }

    private static Finding finding(Code code, @Nullable RunId run, long seq, String detail) {
        return new Finding(
                code,
                code == Code.HEAD_CHANGED ? BundleFormat.HEADS : "events",
                Optional.ofNullable(run),
                seq == 0 ? Optional.empty() : Optional.of(seq),
                Optional.empty(),
                detail);
    }
}
