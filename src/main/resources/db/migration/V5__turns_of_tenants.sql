-- Due runs by lane: those of one tenant and one definition wait behind one another, and lanes take turns.
DROP INDEX runs_due;
CREATE INDEX runs_due ON runs (priority, tenant, definition, due_at)
    WHERE due_at IS NOT NULL AND dispatched_at IS NULL;
