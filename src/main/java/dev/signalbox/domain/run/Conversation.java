package dev.signalbox.domain.run;

import dev.signalbox.domain.id.Digest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What has been said so far, as a list that grows at its end without copying.
///
/// Guarantee: adding costs the same however long the conversation is, and shares what was there.
public final class Conversation {

    /// One thing that was said.
    public sealed interface Entry {

        /// The model's turn, with what came of its calls.
        record ModelTurn(Turn turn) implements Entry {}

        /// What verification found wrong with the model's answer.
        record Feedback(Digest findings) implements Entry {}

        /// What a person told the model.
        record Steering(Digest message) implements Entry {}
    }

    public static final Conversation EMPTY = new Conversation(null, null, 0);

    private final @Nullable Conversation earlier;
    private final @Nullable Entry last;
    private final int size;

    private Conversation(@Nullable Conversation earlier, @Nullable Entry last, int size) {
        this.earlier = earlier;
        this.last = last;
        this.size = size;
    }

    Conversation plus(Entry entry) {
        return new Conversation(this, entry, size + 1);
    }

    public int size() {
        return size;
    }

    /// Everything that was said, oldest first.
    public List<Entry> entries() {
        return since(EMPTY);
    }

    /// What was said after `known`, oldest first.
    ///
    /// Cost: that of what is new, if this conversation grew out of `known` itself.
    ///
    /// @throws IllegalArgumentException if it did not
    @SuppressWarnings("ReferenceEquality") // the very same nodes: equality would read them all
    public List<Entry> since(Conversation known) {
        Deque<Entry> entries = new ArrayDeque<>(size - Math.min(size, known.size));
        Conversation here = this;
        while (here != null && here != known && here.last != null) {
            entries.addFirst(here.last);
            here = here.earlier;
        }
        if (here != known && known.size > 0) {
            throw new IllegalArgumentException("not what this conversation grew out of");
        }
        return List.copyOf(entries);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Conversation that && entries().equals(that.entries());
    }

    @Override
    public int hashCode() {
        return entries().hashCode();
    }

    @Override
    public String toString() {
        return entries().toString();
    }
}
