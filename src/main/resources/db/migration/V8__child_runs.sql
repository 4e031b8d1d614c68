-- Runs tell one another what concerns them: a child its end, a parent that nobody needs the child any more.

ALTER TABLE run_commands ADD COLUMN posted_at timestamptz;

COMMENT ON COLUMN run_commands.posted_at IS 'When another run put it here, whose commit did not wake this run: that comes right after it, or with the next sweep';

CREATE INDEX run_commands_posted ON run_commands (posted_at) WHERE applied_at IS NULL AND posted_at IS NOT NULL;
