package dev.signalbox.operator.console;

/// What a page hears between two loads.
///
/// @param degraded what does not work at the moment; empty if all does
/// @param text what is new; empty if nothing is
/// @param href where it can be seen
public record News(String degraded, String text, String href) {

    static final News NONE = new News("", "", "");

    static News of(long count, String one, String many, String href) {
        return count == 0 ? NONE : new News("", Words.count(count, one, many), href);
    }

    static News degraded(String since) {
        return new News(
                "The store has not answered since "
                        + since
                        + ". You see the page as it was loaded; decisions and commands cannot be"
                        + " recorded until it answers again.",
                "",
                "");
    }
}
