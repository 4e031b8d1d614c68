package dev.signalbox.definition;

/// One thing that is wrong with a JSON value.
///
/// @param path JSON Pointer to it; empty for the value as a whole
/// @param message does not repeat the value
public record Finding(String path, String message) {

    @Override
    public String toString() {
        return path.isEmpty() ? message : path + ": " + message;
    }
}
