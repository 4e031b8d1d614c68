package dev.signalbox.domain.id;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/// A firing's identity, which is that of the run that it makes as well.
///
/// Guarantee: it follows from job and time alone. Consequence: whoever fires a job at a time makes
/// the same run, and the store takes a run only once.
public record FiringId(UUID value) {

    private static final int RANDOM_BITS = 12;
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final int VARIANT_BITS = 2;

    /// The firing of `job` at `scheduledAt`.
    ///
    /// @param known since when it is known that the job is to fire then: runs sort by it, so that
    ///     one that is made up for long afterwards is not found among the old ones
    public static FiringId of(JobId job, Instant scheduledAt, Instant known) {
        ByteBuffer hash = ByteBuffer.wrap(Digest.of(job + "@" + scheduledAt).bytes());
        Instant sorted = known.isAfter(scheduledAt) ? known : scheduledAt;
        long high =
                sorted.toEpochMilli() << (Long.SIZE - 48)
                        | VERSION
                        | hash.getLong() >>> (Long.SIZE - RANDOM_BITS);
        long low = VARIANT | hash.getLong() >>> VARIANT_BITS;
        return new FiringId(new UUID(high, low));
    }

    /// The run that the firing makes.
    public RunId run() {
        return new RunId(value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
