-- Hashes as bytes, and each only once: an entry follows the one before it. Rows are only ever added together with their
-- run, or under its lock, by statements that find it first, so a check row by row of what they refer to proves nothing more.
ALTER TABLE journal
    DROP CONSTRAINT journal_run_id_fkey,
    DROP COLUMN prev_hash,
    ALTER COLUMN hash TYPE bytea USING decode(substr(hash, 8), 'hex'),
    ADD CHECK (length(hash) = 32);

COMMENT ON COLUMN journal.hash IS 'SHA-256 over the hash of the entry before and all of this one';

ALTER TABLE payloads
    DROP CONSTRAINT payloads_run_id_fkey,
    ALTER COLUMN digest TYPE bytea USING decode(substr(digest, 8), 'hex'),
    ADD CHECK (length(digest) = 32);

COMMENT ON COLUMN payloads.digest IS 'SHA-256 of the canonical JSON';
