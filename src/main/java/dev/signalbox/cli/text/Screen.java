package dev.signalbox.cli.text;

import java.io.PrintStream;
import java.util.Optional;

/// Where a command writes: results to one stream, everything about the work to the other.
///
/// @param colours whether colours may be used in results
/// @param lively whether notes may be drawn over, as a progress bar is
/// @param width columns of the terminal that shows results; 0 if none does
public record Screen(
        PrintStream results, PrintStream notes, boolean colours, boolean lively, int width) {

    /// Text of the server's or of a run's making, with its line breaks.
    public void text(String text) {
        results.print(Plain.lines(text));
        if (!text.endsWith("\n")) {
            results.println();
        }
    }

    /// What has been made safe already.
    public void made(String text) {
        results.print(text);
    }

    /// Something about the work, such as that there is more.
    public void note(String text) {
        notes.println(Plain.lines(text));
    }

    String painted(Optional<Style> style, String text) {
        return colours && style.isPresent() && !text.isEmpty() ? style.get().paint(text) : text;
    }
}
