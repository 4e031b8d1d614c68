package dev.signalbox.domain.run;

/// Why a run failed.
///
/// @param code stable, lower case with underscores
public record RunError(String code, String message) {}
