package dev.signalbox.cli.text;

/// How results are written.
public enum Format {
    /// For people.
    TABLE,
    JSON,
    YAML
}
