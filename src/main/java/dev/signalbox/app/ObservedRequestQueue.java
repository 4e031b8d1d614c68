package dev.signalbox.app;

import dev.signalbox.observe.RunMetrics;
import dev.signalbox.queue.Letter;
import dev.signalbox.queue.RequestQueue;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A queue of requests that are counted when they are taken off it.
final class ObservedRequestQueue implements RequestQueue {

    private final RequestQueue queue;
    private final RunMetrics metrics;

    ObservedRequestQueue(RequestQueue queue, RunMetrics metrics) {
        this.queue = queue;
        this.metrics = metrics;
    }

    @Override
    public Multi<Letter> letters() {
        return queue.letters().map(letter -> new ObservedLetter(letter, metrics));
    }

    private static final class ObservedLetter implements Letter {

        private final Letter letter;
        private final RunMetrics metrics;
        private volatile boolean aside;

        ObservedLetter(Letter letter, RunMetrics metrics) {
            this.letter = letter;
            this.metrics = metrics;
        }

        @Override
        public @Nullable String contentType() {
            return letter.contentType();
        }

        @Override
        public byte[] body() {
            return letter.body();
        }

        @Override
        public Map<String, ?> properties() {
            return letter.properties();
        }

        @Override
        public boolean wantsReply() {
            return letter.wantsReply();
        }

        @Override
        public Uni<Void> reply(String mediaType, String text) {
            return letter.reply(mediaType, text);
        }

        @Override
        public Uni<Void> setAside(String reason) {
            return letter.setAside(reason).invoke(() -> counted(reason));
        }

        /// A reason begins with the problem's code.
        private void counted(String reason) {
            aside = true;
            metrics.requestSetAside(reason.split(":", 2)[0]);
        }

        @Override
        public Uni<Void> ack() {
            return letter.ack().invoke(this::taken);
        }

        private void taken() {
            if (!aside) {
                metrics.requestAccepted();
            }
        }
    }
}
