package dev.signalbox.domain.bundle;

import dev.signalbox.domain.id.RunId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What came of checking a bundle.
///
/// @param counts how many items of each section there are
/// @param findings empty if the bundle is whole
public record BundleReport(boolean valid, Map<String, Integer> counts, List<Finding> findings) {

    /// One thing that is wrong.
    ///
    /// @param seq of an event: which one
    /// @param item of anything else: its id or digest
    /// @param detail a sentence for people
    public record Finding(
            Code code,
            String section,
            Optional<RunId> runId,
            Optional<Long> seq,
            Optional<String> item,
            String detail) {}

    /// What can be wrong.
    public enum Code {
        MALFORMED,
        EVENT_CHANGED,
        EVENT_MISSING,
        EVENT_MISPLACED,
        PAYLOAD_CHANGED,
        PAYLOAD_MISSING,
        ITEM_CHANGED,
        ITEM_MISSING,
        ITEM_ADDED,
        HEAD_CHANGED,
        SEAL_BROKEN
    }

    public BundleReport {
        counts = Collections.unmodifiableMap(new TreeMap<>(counts));
        findings = List.copyOf(findings);
    }

    /// The report of a text that is no bundle at all.
    public static BundleReport malformed(String detail) {
        return new BundleReport(
                false,
                Map.of(),
                List.of(
                        new Finding(
                                Code.MALFORMED,
                                "bundle",
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                detail)));
    }
}
