package dev.signalbox.wire;

import dev.signalbox.domain.bundle.BundleCheck;
import dev.signalbox.domain.bundle.BundleReport;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.problem.ProblemException;

/// Bundles as texts.
public final class BundleCodec {

    /// How much deeper than the values in it a bundle is nested.
    private static final int DEPTH = 8;

    private BundleCodec() {}

    /// Checks the bundle that `text` holds, see [BundleCheck].
    public static BundleReport check(String text) {
        try {
            return JsonCodec.parse(text, JsonCodec.MAX_DEPTH + DEPTH) instanceof JsonObject bundle
                    ? BundleCheck.check(bundle)
                    : BundleReport.malformed("A bundle is a JSON object.");
        } catch (ProblemException malformed) {
            return BundleReport.malformed(malformed.problem().detail());
        }
    }
}
