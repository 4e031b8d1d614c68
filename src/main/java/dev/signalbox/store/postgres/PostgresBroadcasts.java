package dev.signalbox.store.postgres;

import dev.signalbox.store.Broadcasts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;

/// Said by PostgreSQL's NOTIFY.
final class PostgresBroadcasts implements Broadcasts {

    private static final String CHANNEL = "signalbox_broadcasts";
    private static final String SAY = "SELECT pg_notify('" + CHANNEL + "', $1)";

    private final Sql sql;
    private final Listening listening;

    PostgresBroadcasts(Sql sql, Pool pool) {
        this.sql = sql;
        this.listening = new Listening(pool, CHANNEL);
    }

    @Override
    public Uni<Void> say(String words) {
        return words.length() > LONGEST
                ? Uni.createFrom()
                        .failure(
                                new IllegalArgumentException(
                                        words.length() + " characters; at most " + LONGEST))
                : sql.query(SAY, words).replaceWithVoid();
    }

    @Override
    public Multi<String> heard() {
        return listening.stream();
    }
}
