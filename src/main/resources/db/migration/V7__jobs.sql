-- Jobs and the history of their firings.

CREATE TABLE jobs (
    id        uuid PRIMARY KEY,
    tenant    text        NOT NULL,
    name      text        NOT NULL,
    origin    text        NOT NULL CHECK (origin IN ('document', 'operator')),
    document  text        NOT NULL,
    timetable text        NOT NULL,
    paused    boolean     NOT NULL,
    retired   boolean     NOT NULL DEFAULT false,
    anchor    timestamptz NOT NULL,
    next_at   timestamptz,
    due_at    timestamptz,
    fired     bigint      NOT NULL DEFAULT 0 CHECK (fired >= 0),
    version   bigint      NOT NULL DEFAULT 0 CHECK (version >= 0),
    UNIQUE (tenant, name),
    CHECK (NOT (paused OR retired) OR next_at IS NULL),
    CHECK (NOT retired OR due_at IS NULL)
);

COMMENT ON TABLE jobs IS 'What runs by itself, and when the next time is';
COMMENT ON COLUMN jobs.document IS 'Canonical JSON of the document';
COMMENT ON COLUMN jobs.timetable IS 'Digest of what says when it fires: a change of it moves anchor and next_at';
COMMENT ON COLUMN jobs.anchor IS 'When the schedule was applied: intervals without a start count from then';
COMMENT ON COLUMN jobs.next_at IS 'The first time of the schedule that has not been seen to';
COMMENT ON COLUMN jobs.due_at IS 'When a scheduler is to look at it';
COMMENT ON COLUMN jobs.fired IS 'How many runs the schedule has made, waiting firings included';
COMMENT ON COLUMN jobs.version IS 'Grows with every change; a scheduler commits on the version that it read';

CREATE INDEX jobs_due ON jobs (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE job_firings (
    job_id       uuid        NOT NULL REFERENCES jobs,
    scheduled_at timestamptz NOT NULL,
    id           uuid        NOT NULL UNIQUE,
    cause        text        NOT NULL CHECK (cause IN ('schedule', 'misfire', 'trigger', 'backfill')),
    status       text        NOT NULL CHECK (status IN ('waiting', 'started', 'skipped', 'failed')),
    decided_at   timestamptz NOT NULL,
    reason       text,
    missed       integer     NOT NULL CHECK (missed >= 0),
    settled      boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (job_id, scheduled_at)
);

COMMENT ON TABLE job_firings IS 'One row for each time at which a job fired or was to fire; the primary key is why there is one run of each';
COMMENT ON COLUMN job_firings.id IS 'Also the id of the run that it made, if it started';
COMMENT ON COLUMN job_firings.settled IS 'The run is known to have ended: open ones are found without looking through all';

CREATE INDEX job_firings_waiting ON job_firings (job_id, scheduled_at) WHERE status = 'waiting';
CREATE INDEX job_firings_open ON job_firings (job_id) WHERE status = 'started' AND NOT settled;
