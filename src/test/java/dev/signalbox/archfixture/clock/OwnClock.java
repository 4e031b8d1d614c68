package dev.signalbox.archfixture.clock;

import java.time.Instant;

record OwnClock() {

    Instant now() {
        return Instant.now();
    }
}
