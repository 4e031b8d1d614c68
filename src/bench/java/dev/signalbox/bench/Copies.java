package dev.signalbox.bench;

import java.util.List;
import java.util.stream.Collectors;

/// Many runs like one that has really run, made inside the database: the same rows with other
/// ids, everywhere where ids stand in text. The hashes are the first run's, so the copies' chains
/// do not verify; nothing that is measured looks.
final class Copies {

    private static final String TABLES = "runs journal payloads approvals";

    private final Database database;

    Copies(Database database) {
        this.database = database;
    }

    /// Adds that many copies of a run.
    void add(String run, long count) {
        List<String> approvals =
                database.texts("SELECT id::text FROM approvals WHERE run_id = '" + run + "'");
        String approval = approvals.isEmpty() ? run : approvals.getFirst();
        database.execute("DROP TABLE IF EXISTS copies");
        database.execute(
                """
                CREATE TEMP TABLE copies AS
                SELECT uuidv7(make_interval(secs => -n)) AS run, uuidv7() AS approval
                  FROM generate_series(1, %d) AS n
                """
                        .formatted(count));
        for (String table : TABLES.split(" ", -1)) {
            database.execute(copy(table, run, approval));
        }
    }

    /// What autovacuum would have done by and by.
    void settle() {
        database.execute("VACUUM ANALYZE");
        database.execute("CHECKPOINT");
    }

    private String copy(String table, String run, String approval) {
        List<String> columns =
                database.texts(
                        """
                        SELECT column_name || ' ' || data_type FROM information_schema.columns
                         WHERE table_schema = current_schema() AND table_name = '%s'
                           AND is_identity = 'NO' AND is_generated = 'NEVER'
                         ORDER BY ordinal_position
                        """
                                .formatted(table));
        String names =
                columns.stream().map(Copies::name).collect(Collectors.joining(", "));
        String values =
                columns.stream()
                        .map(column -> value(table, column, run, approval))
                        .collect(Collectors.joining(", "));
        return "INSERT INTO %s (%s) SELECT %s FROM %s AS old, copies WHERE old.%s = '%s'"
                .formatted(
                        table, names, values, table, table.equals("runs") ? "id" : "run_id", run);
    }

    private static String value(String table, String column, String run, String approval) {
        String name = name(column);
        if (name.equals("id")) {
            return table.equals("runs") ? "copies.run" : "copies.approval";
        }
        if (name.equals("run_id") || name.equals("root_id")) {
            return "copies.run";
        }
        if (!column.endsWith(" text")) {
            return "old." + name;
        }
        return "replace(replace(old.%s, '%s', copies.run::text), '%s', copies.approval::text)"
                .formatted(name, run, approval);
    }

    private static String name(String column) {
        return column.substring(0, column.indexOf(' '));
    }
}
