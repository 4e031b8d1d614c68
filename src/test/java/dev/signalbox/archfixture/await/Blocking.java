package dev.signalbox.archfixture.await;

import io.smallrye.mutiny.Uni;

record Blocking(Uni<String> value) {

    String now() {
        return value.await().indefinitely();
    }
}
