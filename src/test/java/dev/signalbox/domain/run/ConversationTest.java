package dev.signalbox.domain.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.run.Conversation.Entry;
import dev.signalbox.domain.run.Conversation.Entry.Steering;
import org.junit.jupiter.api.Test;

class ConversationTest {

    private static final Entry FIRST = said("first");
    private static final Entry SECOND = said("second");
    private static final Entry THIRD = said("third");

    @Test
    void tellsWhatIsNewSinceAnEarlierPoint() {
        Conversation known = Conversation.EMPTY.plus(FIRST);
        Conversation grown = known.plus(SECOND).plus(THIRD);

        assertThat(grown.since(known)).containsExactly(SECOND, THIRD);
        assertThat(grown.since(grown)).isEmpty();
        assertThat(grown.entries()).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void doesNotPassOffAnotherConversationAsItsBeginning() {
        Conversation other = Conversation.EMPTY.plus(SECOND);
        Conversation conversation = Conversation.EMPTY.plus(FIRST).plus(THIRD);

        assertThatThrownBy(() -> conversation.since(other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static Entry said(String text) {
        return new Steering(Digest.of(text));
    }
}
