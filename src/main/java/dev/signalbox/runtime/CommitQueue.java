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
        return last(new Next.Continue());
    }

    /// Commits all that is recorded, after which lease and wake-up are as `next` says.
    Uni<Void> last(Next next) {
        return Uni.createFrom().deferred(() -> ended(append(next)));
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
            return append(new Next.Continue());
        }
        return newest;
    }

    private synchronized CompletableFuture<Void> append(Next next) {
        newest = newest.thenCompose(_ -> turn(next));
        return newest;
    }

    private CompletableFuture<Void> turn(Next next) {
        synchronized (this) {
            oneWaits = false;
        }
        return commit.apply(next).subscribeAsCompletionStage();
    }

    /// A copy, because whoever stops to wait for it would end the commits.
    private static Uni<Void> ended(CompletableFuture<Void> commits) {
        return Uni.createFrom().completionStage(commits.copy());
    }
}
