package dev.signalbox.store.postgres;

import dev.signalbox.domain.id.Digest;
import dev.signalbox.domain.json.Json;
import dev.signalbox.wire.JsonCodec;
import io.vertx.mutiny.sqlclient.Row;

/// A payload in its row.
final class PayloadRow {

    private PayloadRow() {}

    static Digest digest(Row row) {
        return Sql.digest(row, "digest");
    }

    static Json content(Row row) {
        return JsonCodec.parse(row.getString("content"));
    }
}
