package dev.signalbox.bench.peer;

import java.util.List;

/// Something that runs workflows of trivial steps, each step's result durable before the next.
interface Peer extends AutoCloseable {

    /// Runs one workflow to its end.
    void workflow(int steps) throws Exception;

    /// Gets ready for so many callers at once.
    default void prepare(int concurrency) throws Exception {}

    /// Gives back what [#prepare] took: others use the same server.
    default void rest() throws Exception {}

    /// The processes whose work this is, without PostgreSQL.
    default List<Long> processes() {
        return List.of(ProcessHandle.current().pid());
    }

    @Override
    void close() throws Exception;
}
