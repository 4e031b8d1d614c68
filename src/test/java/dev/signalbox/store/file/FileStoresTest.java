package dev.signalbox.store.file;

import dev.signalbox.store.ApprovalInboxContract;
import dev.signalbox.store.AuditStoreContract;
import dev.signalbox.store.Backend;
import dev.signalbox.store.BacklogContract;
import dev.signalbox.store.BulkStoreContract;
import dev.signalbox.store.DefinitionStoreContract;
import dev.signalbox.store.EventOutboxContract;
import dev.signalbox.store.JobStoreContract;
import dev.signalbox.store.RetentionContract;
import dev.signalbox.store.RunInboxContract;
import dev.signalbox.store.RunLeasesContract;
import dev.signalbox.store.RunListContract;
import dev.signalbox.store.RunStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/// Every contract of the stores, over a directory.
class FileStoresTest {

    @TempDir private Path directory;

    private FileBackend backend;

    @BeforeEach
    void open() {
        backend = new FileBackend(directory);
    }

    @AfterEach
    void close() {
        backend.close();
    }

    @Nested
    class Approvals extends ApprovalInboxContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Audit extends AuditStoreContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Definitions extends DefinitionStoreContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Inbox extends RunInboxContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Leases extends RunLeasesContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Listing extends RunListContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Runs extends RunStoreContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Backlog extends BacklogContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Keeping extends RetentionContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Outbox extends EventOutboxContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Bulks extends BulkStoreContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }

    @Nested
    class Jobs extends JobStoreContract {
        @Override
        protected Backend backend() {
            return backend;
        }
    }
}
