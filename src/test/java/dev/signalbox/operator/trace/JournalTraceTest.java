package dev.signalbox.operator.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunFold;
import dev.signalbox.domain.run.RunSummary;
import dev.signalbox.support.TraceReceiver;
import dev.signalbox.wire.EventCodec;
import dev.signalbox.wire.OneOfEachEvent;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.Event;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A journal as a trace that OpenTelemetry receivers take.
class JournalTraceTest {

    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

    /// One of every kind, in an order that no run has: a trace shows what is there.
    private static List<JournalEntry> everything() {
        List<JournalEntry> journal = new ArrayList<>();
        List<RunEvent> events =
                Stream.of(OneOfEachEvent.full(), OneOfEachEvent.steps())
                        .flatMap(List::stream)
                        .toList();
        for (RunEvent event : events) {
            journal.add(
                    EventCodec.link(
                            OneOfEachEvent.RUN,
                            journal.size() + 1L,
                            OneOfEachEvent.AT.plusMillis(journal.size()),
                            event,
                            journal.isEmpty() ? JournalEntry.GENESIS : journal.getLast().hash()));
        }
        return journal;
    }

    private static RunSummary submitted(List<JournalEntry> journal) {
        return RunSummary.of(
                RunFold.begin(EventCodec.placed(journal.getFirst())), journal.getFirst());
    }

    private static List<Span> received(List<JournalSpan> spans)
            throws IOException, InterruptedException {
        String body = OtlpJson.of(TRACE_ID, Optional.of("b7ad6b7169203331"), spans).canonical();
        try (TraceReceiver receiver = TraceReceiver.start();
                HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest post =
                    HttpRequest.newBuilder(receiver.traces())
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build();
            assertThat(client.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
            return receiver.spans();
        }
    }

    @Test
    void aReceiverTakesATraceOfEveryKindOfEventAndEachEntryIsInItOnce() throws Exception {
        List<JournalEntry> journal = everything();

        List<Span> spans = received(JournalTrace.of(submitted(journal), journal));

        assertThat(
                        spans.stream()
                                .flatMap(span -> span.getEventsList().stream())
                                .map(JournalTraceTest::seq))
                .containsExactlyInAnyOrderElementsOf(
                        LongStream.rangeClosed(1, journal.size()).boxed().toList());
        assertThat(
                        spans.stream()
                                .flatMap(span -> span.getEventsList().stream())
                                .map(Event::getName))
                .containsExactlyInAnyOrderElementsOf(
                        journal.stream().map(JournalEntry::type).toList());
        assertThat(spans)
                .allMatch(span -> span.getEndTimeUnixNano() >= span.getStartTimeUnixNano());
    }

    @Test
    void spansHangTogetherAndTheRunHangsBelowItsSubmitter() throws Exception {
        List<JournalEntry> journal = everything();

        List<Span> spans = received(JournalTrace.of(submitted(journal), journal));

        Set<String> ids = new HashSet<>(spans.stream().map(TraceReceiver::id).toList());
        assertThat(ids).hasSameSizeAs(spans);
        assertThat(spans.stream().map(TraceReceiver::parent))
                .allMatch(parent -> ids.contains(parent) || parent.equals("b7ad6b7169203331"));
        assertThat(TraceReceiver.parent(spans.getFirst())).isEqualTo("b7ad6b7169203331");
        assertThat(journal.getFirst().hash().value())
                .startsWith("sha256:" + TraceReceiver.id(spans.getFirst()));
    }

    @Test
    void theSameJournalGivesTheSameTrace() {
        List<JournalEntry> journal = everything();

        List<JournalSpan> spans = JournalTrace.of(submitted(journal), journal);

        assertThat(JournalTrace.of(submitted(journal), List.copyOf(journal))).isEqualTo(spans);
    }

    private static long seq(Event event) {
        return event.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("signalbox.journal.seq"))
                .map(KeyValue::getValue)
                .findFirst()
                .orElseThrow()
                .getIntValue();
    }
}
