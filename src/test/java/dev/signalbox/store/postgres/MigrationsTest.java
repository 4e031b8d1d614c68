package dev.signalbox.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.domain.id.EffectId;
import dev.signalbox.domain.id.RunId;
import dev.signalbox.domain.json.Json;
import dev.signalbox.domain.json.Json.JsonObject;
import dev.signalbox.domain.run.JournalEntry;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/// Journals that an older version has written stay what they were.
@QuarkusTest
@TestProfile(StoreOnly.class)
class MigrationsTest {

    private static final String SCHEMA = "older";
    private static final RunId RUN =
            new RunId(UUID.fromString("0190a3c4-0000-7000-8000-000000000001"));

    @Inject DataSource source;
    @Inject Pool pool;

    @Test
    void journalsOfTheFirstVersionAreReadAsTheyWereWritten() throws SQLException {
        // Given
        migrate("2");
        List<JournalEntry> written = journal();
        write(written);

        // When
        migrate("latest");

        // Then
        List<JournalEntry> read =
                query("SELECT last_seq, prev_hash, entries FROM older.journal ORDER BY last_seq")
                        .stream()
                        .flatMap(row -> JournalRow.entries(RUN, row).stream())
                        .toList();
        assertThat(read).isEqualTo(written).allMatch(JournalEntry::intact);
        assertThat(query("SELECT seq, type FROM older.journal_events ORDER BY seq"))
                .extracting(row -> row.getLong("seq") + " " + row.getString("type"))
                .containsExactly("1 run_submitted", "2 odd", "3 tool_started");
        assertThat(query("SELECT digest FROM older.payloads"))
                .extracting(row -> Sql.digest(row, "digest"))
                .containsExactly(Json.text("kept").digest());
    }

    private void migrate(String target) {
        Flyway.configure()
                .dataSource(source)
                .schemas(SCHEMA)
                .defaultSchema(SCHEMA)
                .locations("classpath:db/migration")
                .target(target)
                .load()
                .migrate();
    }

    private static List<JournalEntry> journal() {
        List<JournalEntry> entries = new ArrayList<>();
        JsonObject odd =
                new JsonObject(
                        Map.of(
                                "exact", Json.of(new BigDecimal("12345678901234567890.10")),
                                "text", Json.text("quote \" backslash \\ line \n snow \u2603")));
        add(entries, "2026-01-01T00:00:00Z", "run_submitted", Optional.empty(), JsonObject.EMPTY);
        add(entries, "2026-01-01T00:00:00.120Z", "odd", Optional.empty(), odd);
        add(
                entries,
                "2026-01-01T00:00:00.120001Z",
                "tool_started",
                Optional.of(EffectId.toolCall(RUN, 1)),
                JsonObject.EMPTY);
        return entries;
    }

    private static void add(
            List<JournalEntry> entries,
            String at,
            String type,
            Optional<EffectId> effect,
            JsonObject data) {
        entries.add(
                JournalEntry.link(
                        RUN,
                        entries.size() + 1,
                        Instant.parse(at),
                        type,
                        effect,
                        data,
                        entries.isEmpty() ? JournalEntry.GENESIS : entries.getLast().hash()));
    }

    private void write(List<JournalEntry> entries) throws SQLException {
        try (Connection connection = source.getConnection()) {
            execute(
                    connection,
                    """
                    INSERT INTO older.runs
                           (id, tenant, status, definition, labels, priority, root_id, created_at,
                            attention, head_seq, head_hash, identity, progress, words)
                    VALUES (?, 'default', 'running', 'agent', '{}', 5, ?, now(), 2, 3, ?, '', '', '')
                    """,
                    RUN.value(),
                    RUN.value(),
                    entries.getLast().hash().value());
            for (JournalEntry entry : entries) {
                execute(
                        connection,
                        """
                        INSERT INTO older.journal
                               (run_id, seq, at, type, effect_id, data, prev_hash, hash)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                        RUN.value(),
                        entry.seq(),
                        Timestamp.from(entry.at()),
                        entry.type(),
                        entry.effectId().map(EffectId::value).orElse(null),
                        entry.data().canonical(),
                        entry.prevHash().value(),
                        entry.hash().value());
            }
            execute(
                    connection,
                    "INSERT INTO older.payloads (run_id, digest, content) VALUES (?, ?,"
                            + " '\"kept\"')",
                    RUN.value(),
                    Json.text("kept").digest().value());
        }
    }

    private static void execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }

    private List<Row> query(String sql) {
        return Sql.query(pool, sql).await().atMost(Duration.ofSeconds(20));
    }
}
