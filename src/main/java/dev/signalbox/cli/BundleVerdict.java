package dev.signalbox.cli;

import dev.signalbox.cli.text.JsonReader;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.bundle.BundleCheck;
import dev.signalbox.domain.bundle.BundleReport;
import dev.signalbox.domain.bundle.BundleReport.Finding;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonArray;
import dev.signalbox.domain.json.Json.JsonBool;
import dev.signalbox.domain.json.Json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What the check of a bundle says.
final class BundleVerdict {

    private static final Table FINDINGS =
            new Table()
                    .column("found", "code")
                    .column("run", "runId")
                    .column("seq", "seq")
                    .column("what", "detail");

    private final Session session;

    BundleVerdict(Session session) {
        this.session = session;
    }

    int print(Path file) {
        BundleReport report = check(file);
        List<Json> findings =
                report.findings().stream().map(BundleVerdict::json).collect(Collectors.toList());
        Map<String, Json> answer = new LinkedHashMap<>();
        answer.put("valid", new JsonBool(report.valid()));
        answer.put("counts", Json.of(report.counts()));
        answer.put("findings", new JsonArray(findings));
        session.show(new JsonObject(answer), screen -> print(screen, report, findings));
        return report.valid() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static BundleReport check(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException failed) {
            throw new IllegalArgumentException("cannot read " + file + " (" + failed + ")", failed);
        }
        try {
            return JsonReader.read(text) instanceof JsonObject bundle
                    ? BundleCheck.check(bundle)
                    : BundleReport.malformed("This is no bundle: it is no JSON object.");
        } catch (IllegalArgumentException malformed) {
            return BundleReport.malformed(String.valueOf(malformed.getMessage()));
        }
    }

    private static Json json(Finding finding) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("code", Json.text(finding.code().name().toLowerCase(Locale.ROOT)));
        members.put("section", Json.text(finding.section()));
        finding.runId().ifPresent(run -> members.put("runId", Json.text(run.toString())));
        finding.seq().ifPresent(seq -> members.put("seq", Json.number(seq)));
        finding.item().ifPresent(item -> members.put("item", Json.text(item)));
        members.put("detail", Json.text(finding.detail()));
        return new JsonObject(members);
    }

    private static void print(Screen screen, BundleReport report, List<Json> findings) {
        new Sheet()
                .line(
                        "bundle",
                        report.valid()
                                ? "whole: nothing was changed or taken out"
                                : "not as it was")
                .line(
                        "holds",
                        report.counts().entrySet().stream()
                                .map(count -> count.getValue() + " " + count.getKey())
                                .collect(Collectors.joining(", ")))
                .print(screen);
        if (!findings.isEmpty()) {
            screen.made("\n");
            FINDINGS.print(screen, findings, "");
        }
    }
}
