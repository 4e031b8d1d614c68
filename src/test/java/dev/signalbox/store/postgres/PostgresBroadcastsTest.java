package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.store.Broadcasts;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import jakarta.inject.Inject;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(StoreOnly.class)
class PostgresBroadcastsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject Broadcasts broadcasts;

    @Test
    void whatIsSaidIsHeardAsItWasSaid() {
        AssertSubscriber<String> listener =
                broadcasts
                        .heard()
                        .subscribe()
                        .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));
        String longest = "'\u20ac\"".repeat(Broadcasts.LONGEST).substring(0, Broadcasts.LONGEST);

        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> {
                            broadcasts.say(longest).await().atMost(PATIENCE);
                            return !listener.getItems().isEmpty();
                        });
        listener.cancel();

        assertThat(listener.getItems()).contains(longest);
    }

    @Test
    void wordsThatAreTooLongAreRefusedBeforeTheyAreSent() {
        String words = "x".repeat(Broadcasts.LONGEST + 1);

        assertThatThrownBy(() -> broadcasts.say(words).await().atMost(PATIENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2601");
    }
}
