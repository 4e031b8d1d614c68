-- One row for all that a commit adds to a run's journal, instead of one for each entry.
ALTER TABLE journal RENAME TO journal_entries;
ALTER INDEX journal_pkey RENAME TO journal_entries_pkey;

CREATE TABLE journal (
    run_id    uuid   NOT NULL,
    last_seq  bigint NOT NULL CHECK (last_seq >= 1),
    prev_hash bytea  NOT NULL CHECK (length(prev_hash) = 32),
    entries   text   NOT NULL,
    PRIMARY KEY (run_id, last_seq)
) WITH (toast_tuple_target = 8160);

COMMENT ON TABLE journal IS 'Append-only, hash-chained: the truth about every run, a row for each commit. journal_events shows the entries one by one';
COMMENT ON COLUMN journal.last_seq IS 'Position of the last of the entries';
COMMENT ON COLUMN journal.prev_hash IS 'SHA-256 of the entry before the first of them';
COMMENT ON COLUMN journal.entries IS '[[at, type, effect id or null, data, hash], ...]: data is canonical JSON, exactly what was hashed; hash is the SHA-256 over the hash before and all of the entry';

INSERT INTO journal (run_id, last_seq, prev_hash, entries)
SELECT run_id, seq,
       lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER (PARTITION BY run_id ORDER BY seq),
       format('[[%s,%s,%s,%s,%s]]',
              to_json(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')),
              to_json(type), coalesce(to_json(effect_id)::text, 'null'), data,
              to_json(encode(hash, 'hex')))
  FROM journal_entries;

DROP TABLE journal_entries;

CREATE VIEW journal_events AS
SELECT run_id, last_seq - jsonb_array_length(entries::jsonb) + place AS seq,
       (entry ->> 0)::timestamptz AS at, entry ->> 1 AS type, entry ->> 2 AS effect_id,
       entry -> 3 AS data, entry ->> 4 AS hash
  FROM journal, jsonb_array_elements(entries::jsonb) WITH ORDINALITY AS each(entry, place);

COMMENT ON VIEW journal_events IS 'The journal entry by entry, for people. jsonb writes numbers its own way, so hashes are not to be checked against this';
