-- LZ4 takes a fraction of the processor time that PostgreSQL's own compression does, and most of what
-- it takes to write a journal row is compression. Servers built without LZ4 keep their own.
DO $$
BEGIN
    ALTER TABLE journal ALTER COLUMN entries SET COMPRESSION lz4;
EXCEPTION
    WHEN feature_not_supported THEN
        RAISE NOTICE 'this PostgreSQL was built without LZ4: journal rows are compressed with pglz';
END
$$;
