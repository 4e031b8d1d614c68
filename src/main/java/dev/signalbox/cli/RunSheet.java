package dev.signalbox.cli;

import dev.signalbox.cli.text.Field;
import dev.signalbox.cli.text.Screen;
import dev.signalbox.cli.text.Sheet;
import dev.signalbox.cli.text.Table;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/// A run for a person: how it stands, why, and what it did.
final class RunSheet {

    private static final Table STEPS =
            new Table()
                    .column("seq", "seq")
                    .column("at", "startedAt")
                    .column("what", RunSheet::what)
                    .state("status", "status")
                    .column("took", "duration")
                    .column("detail", RunSheet::detail);

    private RunSheet() {}

    static void print(Screen screen, Json run) {
        new Sheet()
                .line("run", run, "id")
                .line(
                        "definition",
                        Field.text(run, "definition") + "@" + Field.text(run, "version"))
                .state("status", run, "status")
                .line("why", run, "waitingOn.detail")
                .line("since", run, "waitingOn.since")
                .line("error", run, "error.message")
                .line("error code", run, "error.code")
                .line("to reconcile", texts(Field.items(run, "hold.effectIds")))
                .line("approval", run, "waitingOn.approvalId")
                .line("asked for by", run, "requestedBy")
                .line("created", run, "createdAt")
                .line("finished", run, "finishedAt")
                .line("labels", labels(run))
                .line("parent", run, "parentRunId")
                .line("input", run, "input")
                .line("output", run, "output")
                .line(
                        "used",
                        Field.text(run, "usage.modelCalls")
                                + " model calls, "
                                + Field.text(run, "usage.toolCalls")
                                + " tool calls, "
                                + Field.text(run, "usage.inputTokens")
                                + " + "
                                + Field.text(run, "usage.outputTokens")
                                + " tokens, USD "
                                + Field.text(run, "usage.costUsd"))
                .line("you can", texts(Field.items(run, "actions")))
                .print(screen);
        List<Json> steps = Field.items(run, "steps");
        if (!steps.isEmpty()) {
            screen.made("\n");
            STEPS.print(screen, steps, "");
        }
    }

    static String labels(Json run) {
        return Field.at(run, "labels").orElse(JsonObject.EMPTY) instanceof JsonObject labels
                ? labels.members().entrySet().stream()
                        .map(label -> label.getKey() + ":" + Field.text(label.getValue()))
                        .collect(Collectors.joining(" "))
                : "";
    }

    private static String texts(List<Json> items) {
        return items.stream().map(Field::text).collect(Collectors.joining(", "));
    }

    private static String what(Json step) {
        return switch (Field.text(step, "kind")) {
            case "model" -> "model " + Field.text(step, "model");
            case "tool" -> Field.text(step, "tool");
            case "step" -> "step " + Field.text(step, "step");
            case "moment" -> Field.text(step, "what");
            default -> Field.text(step, "kind");
        };
    }

    private static String detail(Json step) {
        return switch (Field.text(step, "kind")) {
            case "tool" ->
                    first(
                            Field.text(step, "problem.message"),
                            Field.text(step, "policy.reason"),
                            Field.text(step, "arguments"));
            case "model" -> Field.text(step, "text");
            case "verification" ->
                    Field.text(step, "passed").equals("true")
                            ? "holds"
                            : Field.text(step, "findings");
            default ->
                    first(
                            Field.text(step, "problem.message"),
                            Field.text(step, "detail"),
                            Field.text(step, "note"));
        };
    }

    private static String first(String... texts) {
        for (String text : texts) {
            if (!text.isEmpty()) {
                return text;
            }
        }
        return "";
    }
}
