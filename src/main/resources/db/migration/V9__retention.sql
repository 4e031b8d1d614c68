-- Runs that have ended go when their time is over; a tombstone stays.

ALTER TABLE runs
    ADD COLUMN ended_at timestamptz,
    ADD CHECK (ended_at IS NULL OR status IN ('completed', 'failed', 'cancelled'));

UPDATE runs
   SET ended_at = substring(progress from '"finishedAt":"([^"]+)"')::timestamptz
 WHERE status IN ('completed', 'failed', 'cancelled');

COMMENT ON COLUMN runs.ended_at IS 'When the commit that ended it was made: from then on it is kept for as long as is said';

-- Roots in the order in which their time is over.
CREATE INDEX runs_ended ON runs (definition, status, ended_at, id) WHERE ended_at IS NOT NULL AND id = root_id;
-- The few runs that are branches, by the run that they were taken of.
CREATE INDEX runs_branches ON runs ((substring(identity from '"branchedFrom":\{"runId":"([0-9a-f-]{36})"')::uuid))
    WHERE identity LIKE '%"branchedFrom":{%';

CREATE TABLE tombstones (
    run_id    uuid PRIMARY KEY,
    tenant    text        NOT NULL,
    pruned_at timestamptz NOT NULL,
    content   text        NOT NULL
);

COMMENT ON TABLE tombstones IS 'What is left of runs that were pruned: that they were there, the head of their chain, and by which rule they went';

CREATE INDEX tombstones_newest ON tombstones (tenant, run_id DESC);

CREATE TABLE legal_holds (
    root_id uuid PRIMARY KEY REFERENCES runs,
    tenant  text NOT NULL,
    content text NOT NULL
);

COMMENT ON TABLE legal_holds IS 'Trees of runs that stay, whatever is said about how long they are kept';

CREATE INDEX legal_holds_newest ON legal_holds (tenant, root_id DESC);

CREATE TABLE retention_turn (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    pruner    text        NOT NULL,
    until     timestamptz NOT NULL
);

COMMENT ON TABLE retention_turn IS 'Which process prunes: one row, renewed in each commit that removes runs';

-- A key outlives its run: a request that comes again after that long starts nothing.
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_run_id_fkey;

COMMENT ON TABLE idempotency_keys IS 'Which run a client''s key made, and for which request (digest). Stays when the run is pruned: then its tombstone answers';

-- run_commands_open finds those of a run that wait; this finds the others. A foreign key would look for both at once, through
-- the whole table; commands are only ever added under the lock of their run, or for one that the same statement finds.
ALTER TABLE run_commands DROP CONSTRAINT run_commands_run_id_fkey;
CREATE INDEX run_commands_answered ON run_commands (run_id) WHERE applied_at IS NOT NULL;
