package dev.signalbox.operator.trace;

import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.operator.trace.JournalSpan.Kind;
import dev.signalbox.operator.trace.JournalSpan.Mark;
import io.opentelemetry.api.common.AttributeKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A span, while the journal is read.
final class SpanDraft {

    private static final int ID_LENGTH = 16;

    private final String id;
    private final @Nullable SpanDraft parent;
    private final String name;
    private final Kind kind;
    private final Instant start;
    private final Map<String, Json> attributes = new LinkedHashMap<>();
    private final List<Mark> marks = new ArrayList<>();
    private @Nullable Instant end;
    private Optional<String> error = Optional.empty();

    SpanDraft(JournalEntry opens, @Nullable SpanDraft parent, String name, Kind kind) {
        String hash = opens.hash().value();
        this.id = hash.substring(hash.indexOf(':') + 1).substring(0, ID_LENGTH);
        this.parent = parent;
        this.name = name;
        this.kind = kind;
        this.start = opens.at();
    }

    <T> SpanDraft with(AttributeKey<T> key, T value) {
        return with(key.getKey(), Json.of(value));
    }

    SpanDraft with(String key, Json value) {
        attributes.put(key, value);
        return this;
    }

    SpanDraft note(JournalEntry entry) {
        Map<String, Json> said = new LinkedHashMap<>();
        said.put("signalbox.journal.seq", Json.number(entry.seq()));
        said.put("signalbox.journal.hash", Json.text(entry.hash().value()));
        marks.add(new Mark(entry.at(), entry.type(), said));
        return this;
    }

    SpanDraft close(Instant at) {
        end = at;
        return this;
    }

    SpanDraft failed(String code, String detail) {
        error = Optional.of(detail);
        return with("error.type", Json.text(code));
    }

    Instant start() {
        return start;
    }

    boolean open() {
        return end == null;
    }

    /// @param now when the journal ends: where what is still open is shown to end
    JournalSpan done(Instant now) {
        if (end == null) {
            with("signalbox.open", Json.of(true));
        }
        return new JournalSpan(
                id,
                Optional.ofNullable(parent).map(around -> around.id),
                name,
                kind,
                start,
                end == null ? now : end,
                attributes,
                marks,
                error);
    }
}
