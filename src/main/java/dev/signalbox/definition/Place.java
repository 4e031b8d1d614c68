package dev.signalbox.definition;

/// Where something stands.
///
/// @param source the file's name, or the path in a bundle
/// @param line from 1; 0 where there are no lines
record Place(String source, int line) {

    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line;
    }
}
