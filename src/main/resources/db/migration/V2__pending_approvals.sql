-- What waits is counted from time to time, over all tenants, and must not cost more as settled approvals pile up.
CREATE INDEX approvals_pending ON approvals (id) WHERE status = 'pending';
