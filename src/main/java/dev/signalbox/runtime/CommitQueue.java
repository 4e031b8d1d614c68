package dev.signalbox.runtime;

import dev.signalbox.store.RunChange.Next;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/// The commits of one session: one at a time, in order, while the session goes on.
///
/// What is recorded while a commit is under way goes into the next, so a session that is faster than
/// the store needs fewer commits, and one that is slower finds each done before it asks. Guarantee:
/// after a commit that has failed there is no other.
final class CommitQueue {

    private final RunSession session;
    private final Function<Next, Uni<Void>> commit;

    /// Ends with the newest commit that has begun or waits for its turn.
    private CompletableFuture<Void> newest = CompletableFuture.completedFuture(null);

    private boolean oneWaits;

    CommitQueue(RunSession session, Function<Next, Uni<Void>> commit) {
        this.session = session;
        this.commit = commit;
    }

    /// Sees to it that all that is recorded will be committed; fails at once if a commit has failed.
    Uni<Void> begin() {
        CompletableFuture<Void> commits = soon();
        return commits.isCompletedExceptionally() ? ended(commits) : Uni.createFrom().voidItem();
    }

    /// Completes when all that is recorded is committed.
    Uni<Void> durable() {
        return Uni.createFrom().deferred(() -> ended(soon()));
    }

    /// Completes when a commit that begins now, even of nothing, has gone through.
    Uni<Void> fence() {
        return Uni.createFrom().deferred(() -> ended(append(new Next.Continue(), true)));
    }

    /// Commits all that is recorded, after which lease and wake-up are as `next` says. The end of a
    /// run may have been committed before: there is nothing to say about its lease any more.
    Uni<Void> last(Next next) {
        return Uni.createFrom()
                .deferred(() -> ended(append(next, !(next instanceof Next.End))));
    }

    /// Completes when no commit is under way any more, whatever has become of it.
    Uni<Void> idle() {
        return Uni.createFrom()
                .deferred(() -> ended(newest()))
                .onFailure()
                .recoverWithNull();
    }

    private synchronized CompletableFuture<Void> newest() {
        return newest;
    }

    private synchronized CompletableFuture<Void> soon() {
        if (!oneWaits && session.uncommitted()) {
            oneWaits = true;
            return append(new Next.Continue(), false);
        }
        return newest;
    }

    private synchronized CompletableFuture<Void> append(Next next, boolean evenNothing) {
        newest = newest.thenCompose(_ -> turn(next, evenNothing));
        return newest;
    }

    private CompletableFuture<Void> turn(Next next, boolean evenNothing) {
        synchronized (this) {
            oneWaits = false;
        }
        return evenNothing || session.uncommitted()
                ? commit.apply(next).subscribeAsCompletionStage()
                : CompletableFuture.completedFuture(null);
    }

    /// A copy, because whoever stops to wait for it would end the commits.
    private static Uni<Void> ended(CompletableFuture<Void> commits) {
        return Uni.createFrom().completionStage(commits.copy());
    }
}
