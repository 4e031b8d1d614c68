package dev.signalbox.definition;

/// One thing that is wrong with a definition.
///
/// @param place `file:line`
/// @param message what was found and what was expected
public record DefinitionProblem(String place, String message) {

    @Override
    public String toString() {
        return place + ": " + message;
    }
}
