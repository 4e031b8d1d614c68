package dev.signalbox.runtime;

/// One session under way: the run, its commits, how to reach the session, and its part of the trace.
record Drive(
        RunSession session, CommitQueue commits, SessionControl control, SessionTrace trace) {}
