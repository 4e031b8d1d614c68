-- Commands to many runs.

CREATE TABLE bulks (
    id           uuid PRIMARY KEY,
    tenant       text NOT NULL,
    status       text NOT NULL CHECK (status IN ('running', 'completed', 'aborted')),
    content      text NOT NULL,
    owner        text,
    leased_until timestamptz
);

COMMENT ON TABLE bulks IS 'Commands of operators to all runs of a filter, and how far they have come';
COMMENT ON COLUMN bulks.content IS 'Canonical JSON of the command and of its progress';
COMMENT ON COLUMN bulks.owner IS 'The process that carries it out, until leased_until';

CREATE INDEX bulks_running ON bulks (id) WHERE status = 'running';
