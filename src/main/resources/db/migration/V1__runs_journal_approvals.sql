-- Runs, their journals and payloads, approvals, commands, audit, definitions. PostgreSQL 15 or later.
--
-- JSON that is hashed, or that only Signalbox reads, is kept as text in its canonical form: jsonb
-- would reorder and renumber it. Only what is searched stands in columns of its own.

CREATE TABLE runs (
    id            uuid PRIMARY KEY,
    tenant        text        NOT NULL,
    status        text        NOT NULL
        CHECK (status IN ('queued', 'running', 'waiting', 'held', 'completed', 'failed', 'cancelled')),
    definition    text        NOT NULL,
    labels        jsonb       NOT NULL CHECK (jsonb_typeof(labels) = 'object'),
    priority      smallint    NOT NULL CHECK (priority BETWEEN 0 AND 9),
    root_id       uuid        NOT NULL,
    created_at    timestamptz NOT NULL,
    attention     smallint    NOT NULL CHECK (attention BETWEEN 0 AND 2),
    head_seq      bigint      NOT NULL CHECK (head_seq >= 1),
    head_hash     text        NOT NULL,
    identity      text        NOT NULL,
    progress      text        NOT NULL,
    words         text        NOT NULL,
    due_at        timestamptz,
    dispatched_at timestamptz,
    wake_version  bigint      NOT NULL DEFAULT 0 CHECK (wake_version >= 0),
    lease_owner   text,
    lease_until   timestamptz,
    lease_epoch   bigint      NOT NULL DEFAULT 0 CHECK (lease_epoch >= 0),
    CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CHECK (status NOT IN ('completed', 'failed', 'cancelled') OR (due_at IS NULL AND lease_owner IS NULL))
) WITH (fillfactor = 80);

COMMENT ON TABLE runs IS 'One row a run: what its journal folds to, who works on it, and when it wants a worker (the outbox of wake-ups)';
COMMENT ON COLUMN runs.definition IS 'Name of the pinned definition';
COMMENT ON COLUMN runs.priority IS '0 (least urgent) to 9';
COMMENT ON COLUMN runs.attention IS '0 needs a person, 1 failed, 2 neither: the order of a list by attention';
COMMENT ON COLUMN runs.head_seq IS 'Position of the newest journal entry; an append must follow it';
COMMENT ON COLUMN runs.head_hash IS 'Hash of the newest journal entry';
COMMENT ON COLUMN runs.identity IS 'What never changes (RunIdentity), canonical JSON';
COMMENT ON COLUMN runs.progress IS 'The rest of the summary, canonical JSON';
COMMENT ON COLUMN runs.words IS 'What a search by text looks through, in lower case';
COMMENT ON COLUMN runs.due_at IS 'From when on it wants a worker; stays set while one is on it, so that it is due again when that one dies';
COMMENT ON COLUMN runs.dispatched_at IS 'When the last wake-up message was sent, if nobody has come since';
COMMENT ON COLUMN runs.wake_version IS 'Grows whenever somebody wakes the run';
COMMENT ON COLUMN runs.lease_epoch IS 'Grows with every claim; an append with an older one is refused';

CREATE INDEX runs_newest ON runs (tenant, id DESC);
CREATE INDEX runs_by_status ON runs (tenant, status, id DESC);
CREATE INDEX runs_by_definition ON runs (tenant, definition, id DESC);
CREATE INDEX runs_by_attention ON runs (tenant, attention, id DESC);
CREATE INDEX runs_by_label ON runs USING gin (labels jsonb_path_ops);
CREATE INDEX runs_by_root ON runs (root_id, id DESC);
-- Due and no message sent; a claim clears dispatched_at, so runs whose lease has died are here too.
CREATE INDEX runs_due ON runs (priority, due_at) WHERE due_at IS NOT NULL AND dispatched_at IS NULL;
CREATE INDEX runs_sent ON runs (dispatched_at) WHERE dispatched_at IS NOT NULL;
CREATE INDEX runs_leased ON runs (lease_until) WHERE lease_until IS NOT NULL;

CREATE TABLE journal (
    run_id    uuid        NOT NULL REFERENCES runs,
    seq       bigint      NOT NULL CHECK (seq >= 1),
    at        timestamptz NOT NULL,
    type      text        NOT NULL,
    effect_id text,
    data      text        NOT NULL,
    prev_hash text        NOT NULL,
    hash      text        NOT NULL,
    PRIMARY KEY (run_id, seq)
);

COMMENT ON TABLE journal IS 'Append-only, hash-chained: the truth about every run';
COMMENT ON COLUMN journal.data IS 'Canonical JSON, exactly the bytes that were hashed';

CREATE TABLE payloads (
    run_id    uuid NOT NULL REFERENCES runs,
    digest    text NOT NULL,
    content   text,
    erased_at timestamptz,
    PRIMARY KEY (run_id, digest),
    CHECK ((content IS NULL) = (erased_at IS NOT NULL))
);

COMMENT ON TABLE payloads IS 'Values that journal entries name by digest; one can be erased and the chain still verifies';
COMMENT ON COLUMN payloads.content IS 'Canonical JSON whose digest is the key';

CREATE TABLE approvals (
    id         uuid PRIMARY KEY,
    run_id     uuid NOT NULL REFERENCES runs,
    tenant     text NOT NULL,
    status     text NOT NULL
        CHECK (status IN ('pending', 'approved', 'rejected', 'edited', 'expired', 'withdrawn')),
    expires_at timestamptz,
    content    text NOT NULL
);

COMMENT ON TABLE approvals IS 'Calls that wait for people, or waited';
COMMENT ON COLUMN approvals.content IS 'The approval as it was opened, canonical JSON; status and decisions stand outside';

CREATE INDEX approvals_by_tenant ON approvals (tenant, id);
CREATE INDEX approvals_by_status ON approvals (tenant, status, id);
CREATE INDEX approvals_by_run ON approvals (run_id, id);

CREATE TABLE approval_decisions (
    approval_id      uuid        NOT NULL REFERENCES approvals,
    position         integer     NOT NULL CHECK (position >= 0),
    choice           text        NOT NULL CHECK (choice IN ('approve', 'reject', 'edit')),
    decided_by       text        NOT NULL,
    reason           text        NOT NULL,
    edited_arguments text,
    decided_at       timestamptz NOT NULL,
    PRIMARY KEY (approval_id, position),
    UNIQUE (approval_id, decided_by),
    CHECK ((choice = 'edit') = (edited_arguments IS NOT NULL))
);

COMMENT ON TABLE approval_decisions IS 'What one person decided on one approval; nobody decides twice';

CREATE TABLE run_commands (
    id         uuid PRIMARY KEY,
    run_id     uuid   NOT NULL REFERENCES runs,
    position   bigint GENERATED ALWAYS AS IDENTITY,
    content    text   NOT NULL,
    applied_at timestamptz
);

COMMENT ON TABLE run_commands IS 'The inboxes of runs: what people and clients asked, until the run''s worker answers with events';

CREATE INDEX run_commands_open ON run_commands (run_id, position) WHERE applied_at IS NULL;

CREATE TABLE audit_records (
    id      uuid PRIMARY KEY,
    tenant  text        NOT NULL,
    at      timestamptz NOT NULL,
    actor   text        NOT NULL,
    action  text        NOT NULL,
    run_id  uuid,
    content text        NOT NULL
);

COMMENT ON TABLE audit_records IS 'Who commanded what, refused or not; rows are added and never changed';

CREATE INDEX audit_newest ON audit_records (tenant, id DESC);
CREATE INDEX audit_by_run ON audit_records (run_id, id DESC) WHERE run_id IS NOT NULL;
CREATE INDEX audit_by_actor ON audit_records (tenant, actor, id DESC);
CREATE INDEX audit_by_action ON audit_records (tenant, action, id DESC);

CREATE SEQUENCE definition_order;

CREATE TABLE definitions (
    digest        text PRIMARY KEY,
    kind          text        NOT NULL,
    name          text        NOT NULL,
    version       text        NOT NULL,
    bundle        text        NOT NULL,
    applied_at    timestamptz NOT NULL,
    applied_order bigint      NOT NULL DEFAULT nextval('definition_order')
);

ALTER SEQUENCE definition_order OWNED BY definitions.applied_order;

COMMENT ON TABLE definitions IS 'Pinned definitions with everything that they refer to; never deleted while a run names them';
COMMENT ON COLUMN definitions.applied_order IS 'The highest of a name and version is what that version means now';

CREATE INDEX definitions_newest ON definitions (name, version, applied_order DESC);

CREATE TABLE idempotency_keys (
    tenant     text        NOT NULL,
    key        text        NOT NULL,
    request    text        NOT NULL,
    run_id     uuid        NOT NULL REFERENCES runs,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, key)
);

COMMENT ON TABLE idempotency_keys IS 'Which run a client''s key made, and for which request (digest)';
