-- What sinks of events still have to be told of.

CREATE TABLE sinks (
    name        text PRIMARY KEY,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    lease_owner text,
    lease_until timestamptz,
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);

COMMENT ON TABLE sinks IS 'Sinks that are open: every commit to a journal leaves a note for each';
COMMENT ON COLUMN sinks.asked_at IS 'When a process has last asked for its notes';
COMMENT ON COLUMN sinks.lease_owner IS 'The process that delivers now, until lease_until';

CREATE TABLE sink_notes (
    position  bigint GENERATED ALWAYS AS IDENTITY,
    sink      text        NOT NULL,
    run_id    uuid        NOT NULL,
    after_seq bigint      NOT NULL CHECK (after_seq >= 0),
    last_seq  bigint      NOT NULL CHECK (last_seq > after_seq),
    at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sink, position)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

COMMENT ON TABLE sink_notes IS 'Commits that a sink has not been told of: written with the commit, gone with the delivery';
COMMENT ON COLUMN sink_notes.after_seq IS 'The commit''s entries are those behind this one, up to last_seq';

CREATE TABLE sink_dead_letters (
    number bigint GENERATED ALWAYS AS IDENTITY,
    sink   text        NOT NULL,
    run_id uuid        NOT NULL,
    seq    bigint      NOT NULL CHECK (seq >= 1),
    at     timestamptz NOT NULL,
    reason text        NOT NULL,
    PRIMARY KEY (sink, number)
);

COMMENT ON TABLE sink_dead_letters IS 'Events that a sink would not take; the journal still has them';
