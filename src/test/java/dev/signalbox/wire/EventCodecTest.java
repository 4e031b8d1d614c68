package dev.signalbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import dev.signalbox.domain.run.RunEvent;
import dev.signalbox.domain.run.RunEvent.EffectEvent;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventCodecTest {

    /// What a journal that exists already holds: this file may grow, but no line of it may change.
    private static final String GOLDEN = "/golden/events.txt";

    static Stream<RunEvent> events() {
        return Stream.of(OneOfEachEvent.full(), OneOfEachEvent.sparse(), OneOfEachEvent.steps())
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("events")
    void anEventComesBackFromItsEntry(RunEvent event) {
        JournalEntry entry = link(event);

        RunEvent read = EventCodec.placed(stored(entry)).event();

        assertThat(read).isEqualTo(comparable(event));
        assertThat(stored(entry).intact()).isTrue();
        assertThat(entry.effectId())
                .isEqualTo(
                        event instanceof EffectEvent effect
                                ? Optional.of(effect.effectId())
                                : Optional.empty());
    }

    @Test
    void thereIsASampleOfEveryType() {
        Set<Class<?>> samples =
                Stream.concat(OneOfEachEvent.full().stream(), OneOfEachEvent.steps().stream())
                        .map(Object::getClass)
                        .collect(Collectors.toSet());

        assertThat(samples).isEqualTo(types(RunEvent.class).collect(Collectors.toSet()));
    }

    @Test
    void theEncodingAndItsHashStayAsTheyAre() throws IOException {
        String now =
                events().map(EventCodecTest::link)
                        .map(
                                entry ->
                                        String.join(
                                                "\t",
                                                entry.type(),
                                                entry.data().canonical(),
                                                entry.hash().value()))
                        .collect(Collectors.joining("\n", "", "\n"));

        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(Path.of("src/test/resources" + GOLDEN), now);
            return;
        }
        assertThat(now).isEqualTo(golden());
    }

    @Test
    void whatIsNewerThanThisVersionIsRefused() {
        JournalEntry unknown =
                JournalEntry.link(
                        OneOfEachEvent.RUN,
                        1,
                        OneOfEachEvent.AT,
                        "run_teleported",
                        Optional.empty(),
                        JsonObject.EMPTY,
                        JournalEntry.GENESIS);

        assertThatThrownBy(() -> EventCodec.placed(unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run_teleported");
    }

    @Test
    void dataThatDoesNotFitItsTypeIsRefused() {
        List<JsonObject> wrong =
                List.of(
                        JsonObject.EMPTY,
                        new JsonObject(Map.of("label", Json.number(1), "more", Json.number(2))));

        for (JsonObject data : wrong) {
            JournalEntry entry =
                    JournalEntry.link(
                            OneOfEachEvent.RUN,
                            1,
                            OneOfEachEvent.AT,
                            "tool_started",
                            Optional.empty(),
                            data,
                            JournalEntry.GENESIS);
            assertThatThrownBy(() -> EventCodec.placed(entry))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static JournalEntry link(RunEvent event) {
        return EventCodec.link(
                OneOfEachEvent.RUN, 3, OneOfEachEvent.AT, event, Digest.of("before"));
    }

    /// As a store gives it back: the data have been text in between.
    private static JournalEntry stored(JournalEntry entry) {
        return new JournalEntry(
                entry.runId(),
                entry.seq(),
                entry.at(),
                entry.type(),
                entry.effectId(),
                JsonCodec.parseObject(entry.data().canonical()),
                entry.prevHash(),
                entry.hash());
    }

    /// A cost is a number: its scale is not kept.
    private static RunEvent comparable(RunEvent event) {
        return event instanceof RunEvent.ModelCompleted answer
                ? new RunEvent.ModelCompleted(
                        answer.effectId(),
                        answer.text(),
                        answer.calls(),
                        answer.usage(),
                        answer.costUsd().map(BigDecimal::stripTrailingZeros),
                        answer.model(),
                        answer.finishReason(),
                        answer.offline())
                : event;
    }

    private static Stream<Class<?>> types(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(type -> type.isInterface() ? types(type) : Stream.<Class<?>>of(type));
    }

    private static String golden() throws IOException {
        try (InputStream file = EventCodecTest.class.getResourceAsStream(GOLDEN)) {
            return new String(
                    Objects.requireNonNull(file, GOLDEN).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
