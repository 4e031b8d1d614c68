package dev.signalbox.runtime.stage;

import dev.signalbox.domain.id.Digest;

/// A value that the journal names is not there any more: the run cannot go on as it was.
public final class MissingPayloadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MissingPayloadException(Digest digest) {
        super("the payload " + digest + " is not stored");
    }
}
