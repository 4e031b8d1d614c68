package dev.signalbox.operator.console;

/// A page that cannot be shown, and why.
///
/// @param degraded whether a part of the system is away, rather than the caller wrong
public record TroublePage(
        int status, String title, String detail, boolean degraded, String again) {}
