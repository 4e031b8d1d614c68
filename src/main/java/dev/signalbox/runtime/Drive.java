package dev.signalbox.runtime;

/// One session under way: the run, how to reach the session, and its part of the trace.
record Drive(RunSession session, SessionControl control, SessionTrace trace) {}
