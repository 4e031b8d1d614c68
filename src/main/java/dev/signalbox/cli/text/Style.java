package dev.signalbox.cli.text;

import java.util.Optional;

/// What a colour says. Never colour alone: the word stands there as well.
public enum Style {
    DONE("32"),
    PROCEEDING("36"),
    CAUTION("33"),
    HELD("35"),
    DANGER("31"),
    FAINT("2"),
    STRONG("1");

    private final String code;

    Style(String code) {
        this.code = code;
    }

    String paint(String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /// What the state of a run, a step, an approval, a job or a firing means.
    public static Optional<Style> of(String state) {
        return switch (state) {
            case "completed",
                    "succeeded",
                    "approved",
                    "started",
                    "allowed",
                    "allow",
                    "sound",
                    "done" ->
                    Optional.of(DONE);
            case "running", "active" -> Optional.of(PROCEEDING);
            case "waiting",
                    "pending",
                    "awaiting_approval",
                    "paused",
                    "retry_due",
                    "require_approval" ->
                    Optional.of(CAUTION);
            case "held", "outcome_unknown" -> Optional.of(HELD);
            case "failed", "rejected", "denied", "expired", "refused", "deny", "broken" ->
                    Optional.of(DANGER);
            case "cancelled", "skipped", "retired", "finished", "edited", "aborted" ->
                    Optional.of(FAINT);
            default -> Optional.empty();
        };
    }
}
