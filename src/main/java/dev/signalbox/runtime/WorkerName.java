package dev.signalbox.runtime;

import dev.signalbox.domain.id.IdSource;
import jakarta.enterprise.context.ApplicationScoped;

/// What this process is called in leases and journals: its process id and a random part, so that no
/// two processes ever share a name.
@ApplicationScoped
public class WorkerName {

    private static final int UNIQUE_PART = 24;

    private final String value;

    public WorkerName(IdSource ids) {
        value =
                "worker-"
                        + ProcessHandle.current().pid()
                        + "-"
                        + ids.next().toString().substring(UNIQUE_PART);
    }

    public String value() {
        return value;
    }
}
